import type { AttackRoute, AttackTarget } from '../../api/types.ts';
import { CriticalityMark } from '../../marks/marks.tsx';
import { SidePanel } from '../../panel/SidePanel.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { GradeMark } from './GradeMark.tsx';
import { footholdWords, groundWords } from './words.ts';

/** The easiest ways to one device, step by step, each with what it rests on and what would stop it. */
export function RoutePanel({ target, onClose }: { target: AttackTarget; onClose: () => void }) {
  const { asset, name, shown, notExcluded } = target;
  const same = JSON.stringify(shown) === JSON.stringify(notExcluded);
  return (
    <SidePanel subject={asset} title={name} onClose={onClose}>
      <div className="row">
        <CriticalityMark value={target.criticality} />
        <span>{target.classLabel ?? 'Class unknown'}</span>
        <span className="dim">{target.location}</span>
      </div>
      <div className="row-wide">
        <AppLink href={`/assets/${asset}`}>Open the asset</AppLink>
        {notExcluded && <AppLink href={`/map?path=${asset}`}>See the way on the map</AppLink>}
      </div>
      <RouteSection title={same ? 'The easiest way' : 'The easiest way by what was seen'} route={shown} />
      {!same && <RouteSection title="The easiest way that nothing excludes" route={notExcluded} />}
    </SidePanel>
  );
}

function RouteSection({ title, route }: { title: string; route: AttackRoute | null }) {
  return (
    <section className="stack-tight">
      <h3>{title}</h3>
      {route === null ? <p>No packets get there.</p> : <Steps route={route} />}
    </section>
  );
}

function Steps({ route }: { route: AttackRoute }) {
  return (
    <>
      <div>
        <GradeMark value={route.difficulty} />
      </div>
      <ol className="attack-steps">
        <li>
          <strong>{footholdWords[route.foothold.kind]}</strong>
          <p>{route.foothold.because}</p>
        </li>
        {route.steps.map((step) => (
          <li key={`${step.to.id} ${step.via.service}`}>
            <div className="spread">
              <AppLink href={`/assets/${step.to.id}`}>{step.to.name}</AppLink>
              <GradeMark value={step.difficulty} />
            </div>
            <p>{step.text}</p>
            <p className="dim small">
              {step.effect === 'control'
                ? 'From there others can be attacked'
                : 'Only the device itself can be misused'}
              {' · '}reach: {groundWords[step.via.ground]}{' '}
              <EvidenceLink evidence={step.evidence} asset={step.to.id} />
            </p>
            <Remedies remedies={step.remedies} />
          </li>
        ))}
      </ol>
    </>
  );
}

function EvidenceLink({ evidence, asset }: { evidence: string | null; asset: string }) {
  if (evidence === null) return null;
  return evidence.startsWith('f-') ? (
    <AppLink href={`/findings?asset=${asset}&row=${evidence}`}>The finding</AppLink>
  ) : (
    <AppLink href={`/vulnerabilities?row=${evidence}`}>{evidence}</AppLink>
  );
}

function Remedies({ remedies }: { remedies: AttackRoute['steps'][number]['remedies'] }) {
  if (remedies.length === 0) return <p className="small">No change that is known stops this step.</p>;
  return (
    <div className="small">
      {remedies.length === 1 ? 'What stops it:' : 'Either stops it:'}
      <ul className="attack-remedies">
        {remedies.map(({ id, text }) => (
          <li key={id}>{text}</li>
        ))}
      </ul>
    </div>
  );
}
