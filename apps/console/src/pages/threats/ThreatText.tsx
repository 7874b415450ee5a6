import type { ClassThreats, WeighedThreatTold } from '../../api/threats.ts';
import { attackHref, emb3dHref } from './words.ts';

type Threat = Pick<
  WeighedThreatTold | ClassThreats['threats'][number],
  'how' | 'harm' | 'severity' | 'controls' | 'emb3d' | 'attack'
>;

/** How it is done, what it does to a patient, what answers it, and where MITRE tells more. */
export function ThreatText({ threat }: { threat: Threat }) {
  return (
    <div className="stack-tight">
      <p>{threat.how}</p>
      {threat.harm !== null && (
        <p>
          Harm to a patient, <strong>{threat.severity}</strong>: {threat.harm}.
        </p>
      )}
      <p className="dim">What answers it:</p>
      <ul>
        {threat.controls.map(({ text, emb3d }) => (
          <li key={text}>
            {text} <Ids ids={emb3d} href={emb3dHref} />
          </li>
        ))}
      </ul>
      <p className="dim small">
        MITRE EMB3D <Ids ids={threat.emb3d} href={emb3dHref} /> · ATT&amp;CK for ICS{' '}
        <Ids ids={threat.attack} href={attackHref} />
      </p>
    </div>
  );
}

function Ids({ ids, href }: { ids: readonly string[]; href: (id: string) => string }) {
  if (ids.length === 0) return <span className="dim">none</span>;
  return (
    <span className="dim">
      {ids.map((id, at) => (
        <span key={id}>
          {at > 0 && ', '}
          <a href={href(id)} rel="noreferrer" target="_blank">
            {id}
          </a>
        </span>
      ))}
    </span>
  );
}
