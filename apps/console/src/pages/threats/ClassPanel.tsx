import { useQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries.ts';
import type { ClassThreats } from '../../api/threats.ts';
import { count, counted } from '../../format/number.ts';
import { SidePanel } from '../../panel/SidePanel.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { Answers } from './Answers.tsx';
import { StandingMark } from './StandingMark.tsx';
import { ThreatText } from './ThreatText.tsx';
import { kindWords } from './words.ts';

/** The threat model of one class, with where each threat stands on its devices. */
export function ClassPanel({ deviceClass, onClose }: { deviceClass: string; onClose: () => void }) {
  const { data, error, refetch } = useQuery(queries.classThreats(deviceClass));
  return (
    <SidePanel
      title={data ? `Threats to: ${data.deviceClass.label}` : 'Threats'}
      subject={deviceClass}
      onClose={onClose}
    >
      {error && !data && <Failure error={error} retry={() => void refetch()} what="The threat model" />}
      {!data && !error && <Loading label="the threat model" rows={8} />}
      {data?.threats.map((threat) => (
        <Threat key={threat.id} threat={threat} model={data} />
      ))}
    </SidePanel>
  );
}

function Threat({ threat, model }: { threat: ClassThreats['threats'][number]; model: ClassThreats }) {
  const { open, unknown, mitigated, ruledOut } = threat.assets;
  const parts = [
    [open, 'open'],
    [unknown, 'unknown'],
    [mitigated, 'mitigated'],
    [ruledOut, 'ruled out'],
  ] as const;
  const told = parts.filter(([some]) => some > 0).map(([some, word]) => `${word} on ${count(some)}`);
  return (
    <section className="threat stack-tight" aria-labelledby={`threat-${threat.id}`}>
      <h3 id={`threat-${threat.id}`}>{threat.title}</h3>
      <p>
        <span className="dim">{kindWords[threat.kind]}.</span>{' '}
        {told.length === 0 ? 'No device of the class is known.' : `${capital(told.join(', '))}.`}
      </p>
      <Where threat={threat} />
      <details>
        <summary aria-label={`How, and what answers it: ${threat.title}`}>How, and what answers it</summary>
        <ThreatText threat={threat} />
        <Answers
          threat={threat}
          answers={threat.answers}
          on={{ kind: 'class', id: model.deviceClass.id ?? 'unknown' }}
          whom={`all ${counted(model.assets, 'device')} of this class`}
        />
      </details>
    </section>
  );
}

/** The devices on which it is open. */
function Where({ threat }: { threat: ClassThreats['threats'][number] }) {
  const open = threat.worst.filter(({ standing }) => standing === 'open');
  if (open.length === 0) return null;
  const more = threat.assets.open - open.length;
  return (
    <p>
      <StandingMark value="open" />{' '}
      {open.map(({ id, name }, at) => (
        <span key={id}>
          {at > 0 && ', '}
          <AppLink href={`/assets/${id}`}>{name}</AppLink>
        </span>
      ))}
      {more > 0 && <span className="dim"> and {count(more)} more</span>}
    </p>
  );
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
