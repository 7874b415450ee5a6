import { useQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries.ts';
import type { ThreatModels } from '../../api/threats.ts';
import { count, counted } from '../../format/number.ts';
import { ProtectionMarks } from '../../marks/marks.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useAddress } from '../../shell/address.ts';
import { Empty, Failure, Loading } from '../../shell/states.tsx';
import { ClassPanel } from './ClassPanel.tsx';
import './threats.css';

/** What can be done to devices of each class, and to what passes between them. */
export function ThreatsPage() {
  const { values, change } = useAddress();
  const { data, error, refetch } = useQuery(queries.threatModels());
  return (
    <div className="page stack">
      <div>
        <h1>Threat models</h1>
        <p className="dim">{data ? sentence(data) : ' '}</p>
      </div>
      {error && !data && <Failure error={error} retry={() => void refetch()} what="The threat models" />}
      {!data && !error && <Loading label="the threat models" rows={10} />}
      {data?.classes.length === 0 && (
        <Empty title="No device is known yet" action={<AppLink href="/imports">Import a capture</AppLink>}>
          Threats are weighed by what is seen of devices.
        </Empty>
      )}
      {data && data.classes.length > 0 && (
        <>
          <Classes models={data} onOpen={(id) => change({ class: id })} />
          <FlowKinds models={data} />
        </>
      )}
      {values.class !== undefined && (
        <ClassPanel deviceClass={values.class} onClose={() => change({ class: undefined })} />
      )}
    </div>
  );
}

function sentence({ classes }: ThreatModels): string {
  const assets = classes.reduce((sum, one) => sum + one.assets, 0);
  const open = classes.reduce((sum, one) => sum + one.assetsOpen, 0);
  return `On ${count(open)} of ${counted(assets, 'device')} something was seen that makes a threat possible. Unknown means that nothing shows that it was done, and nothing that it cannot be.`;
}

function Classes({ models, onOpen }: { models: ThreatModels; onOpen: (id: string) => void }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls the table by keys
    <section className="card scroll-x" aria-labelledby="threat-classes" tabIndex={0}>
      <h2 id="threat-classes">By class of device</h2>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th scope="col" className="number">
              Devices
            </th>
            <th scope="col" className="number">
              With an open threat
            </th>
            <th scope="col">Worst harm to a patient that is open</th>
            <th scope="col" className="number">
              Threats open
            </th>
            <th scope="col" className="number">
              Unknown
            </th>
            <th scope="col" className="number">
              Mitigated
            </th>
          </tr>
        </thead>
        <tbody>
          {models.classes.map(({ deviceClass, group, assets, assetsOpen, severity, threats }) => (
            <tr key={deviceClass.id ?? 'unknown'}>
              <td>
                <button
                  type="button"
                  className="link-button"
                  onClick={() => onOpen(deviceClass.id ?? 'unknown')}
                >
                  {deviceClass.label}
                </button>{' '}
                <span className="dim">{group}</span>
              </td>
              <td className="number">{count(assets)}</td>
              <td className="number">{count(assetsOpen)}</td>
              <td>{severity ?? ''}</td>
              <td className="number">{count(threats.open)}</td>
              <td className="number">{count(threats.unknown)}</td>
              <td className="number">{count(threats.mitigated)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function FlowKinds({ models }: { models: ThreatModels }) {
  if (models.flows.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls the table by keys
    <section className="card scroll-x" aria-labelledby="threat-flows" tabIndex={0}>
      <h2 id="threat-flows">By data flow</h2>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">By</th>
            <th scope="col">Protection</th>
            <th scope="col" className="number">
              Pairs
            </th>
            <th scope="col">Open</th>
            <th scope="col" className="number">
              Unknown
            </th>
            <th scope="col" className="number">
              Mitigated
            </th>
          </tr>
        </thead>
        <tbody>
          {models.flows.map(({ client, server, label, application, protections, pairs, open, threats }) => (
            <tr key={`${client.id}>${server.id}:${application}`}>
              <td>{client.label}</td>
              <td>{server.label}</td>
              <td>{label}</td>
              <td>
                <ProtectionMarks values={protections} />
              </td>
              <td className="number">{count(pairs)}</td>
              <td>{open.join('; ')}</td>
              <td className="number">{count(threats.unknown)}</td>
              <td className="number">{count(threats.mitigated)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {models.moreFlows && <p className="dim">More kinds, less common, are not told here.</p>}
    </section>
  );
}
