import { useQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries.ts';
import type { AssetThreats, FlowThreats, WeighedThreatTold } from '../../api/threats.ts';
import { counted } from '../../format/number.ts';
import { ProtectionMarks } from '../../marks/marks.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { Answers } from './Answers.tsx';
import { StandingMark } from './StandingMark.tsx';
import { ThreatText } from './ThreatText.tsx';
import { kindWords } from './words.ts';
import './threats.css';

const SHOWN = 6;

/** What can be done to this asset and to what passes between it and others, and where each threat stands. */
export function ThreatsCard({ asset }: { asset: string }) {
  const { data, error, refetch } = useQuery(queries.assetThreats(asset));
  return (
    <section className="card stack-tight" aria-labelledby="threats">
      <h2 id="threats">Threats</h2>
      {error && !data && <Failure error={error} retry={() => void refetch()} what="The threat model" />}
      {!data && !error && <Loading label="the threat model" rows={6} />}
      {data && <Model model={data} asset={asset} />}
    </section>
  );
}

function Model({ model, asset }: { model: AssetThreats; asset: string }) {
  const open = model.threats.filter(({ standing }) => standing === 'open');
  const first = open.length > 0 ? open : model.threats.slice(0, SHOWN);
  const rest = model.threats.filter((threat) => !first.includes(threat));
  return (
    <>
      <p className="dim">
        {sentence(model)}{' '}
        <AppLink href={`/threats?class=${model.deviceClass ?? 'unknown'}`}>
          The threat model of {model.classLabel?.toLowerCase() ?? 'what is not known yet'}
        </AppLink>
      </p>
      <Threats threats={first} model={model} asset={asset} />
      {rest.length > 0 && (
        <details>
          <summary>{counted(rest.length, 'more threat')}</summary>
          <Threats threats={rest} model={model} asset={asset} />
        </details>
      )}
      {model.ruledOut.length > 0 && (
        <details>
          <summary>{counted(model.ruledOut.length, 'threat')} ruled out</summary>
          <ul>
            {model.ruledOut.map(({ id, title, because }) => (
              <li key={id}>
                {title}. <span className="dim">{because}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      <Flows model={model} />
    </>
  );
}

function sentence({ threats }: AssetThreats): string {
  const of = (standing: WeighedThreatTold['standing']) =>
    threats.filter((one) => one.standing === standing).length;
  return `Of ${counted(threats.length, 'threat')}, ${of('open')} are open, ${of('mitigated')} are answered, and of ${of('unknown')} nothing shows either.`;
}

function Threats({
  threats,
  model,
  asset,
}: {
  threats: readonly WeighedThreatTold[];
  model: AssetThreats;
  asset: string;
}) {
  return (
    <ul className="plain-list stack-tight">
      {threats.map((threat) => (
        <li key={threat.id} className="threat">
          <div className="spread">
            <strong>{threat.title}</strong>
            <StandingMark value={threat.standing} onlyPossible={threat.onlyPossible} />
          </div>
          <p>
            <span className="dim">{kindWords[threat.kind]}.</span> {threat.because.join(' ')}{' '}
            {threat.risks.map((risk, at) => (
              <span key={risk}>
                <AppLink href={`/risks?row=${risk}`}>
                  {at === 0 ? 'In the register' : `risk ${at + 1}`}
                </AppLink>{' '}
              </span>
            ))}
          </p>
          <details>
            <summary aria-label={`How, and what answers it: ${threat.title}`}>
              How, and what answers it
            </summary>
            <ThreatText threat={threat} />
            <Answers
              threat={threat}
              answers={threat.answers}
              on={{ kind: 'asset', id: asset }}
              whom={model.name}
            />
          </details>
        </li>
      ))}
    </ul>
  );
}

function Flows({ model }: { model: AssetThreats }) {
  if (model.flows.length === 0) return null;
  return (
    <details>
      <summary>Threats to what passes between it and others ({model.flows.length})</summary>
      <div className="scroll-x">
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">With</th>
              <th scope="col">By</th>
              <th scope="col">Protection</th>
              <th scope="col">Threats</th>
            </tr>
          </thead>
          <tbody>
            {model.flows.map((flow) => (
              <FlowRow key={`${flow.role}${flow.peer.id}${flow.service}`} flow={flow} />
            ))}
          </tbody>
        </table>
      </div>
      {model.moreFlows && <p className="dim">More were seen; these are the latest.</p>}
    </details>
  );
}

function FlowRow({ flow }: { flow: FlowThreats }) {
  return (
    <tr>
      <td>
        {flow.role === 'client' ? 'to ' : 'from '}
        <AppLink href={`/assets/${flow.peer.id}`}>{flow.peer.name}</AppLink>
      </td>
      <td>
        {flow.label} <span className="dim">{flow.service}</span>
      </td>
      <td>
        <ProtectionMarks values={flow.protections} />
      </td>
      <td>
        <ul className="plain-list">
          {flow.threats.map(({ id, title, standing, onlyPossible, because }) => (
            <li key={id} title={because.join(' ')}>
              <StandingMark value={standing} onlyPossible={onlyPossible} /> {title}
            </li>
          ))}
        </ul>
      </td>
    </tr>
  );
}
