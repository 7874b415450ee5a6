import type { AssetDetail } from '../../api/types.ts';
import { ProtectionMark, Unknown } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useAddress } from '../../shell/address.ts';

type Service = AssetDetail['services'][number];

export function serviceName(service: Service): string {
  return service.port === null ? service.transport : `${service.transport}/${service.port}`;
}

export function serviceKey(service: Service): string {
  return serviceName(service);
}

/** What a scanner says, beside what was seen. */
function ScanWord({ service: { scan, clients } }: { service: Service }) {
  if (scan === undefined) return null;
  const name = scan.software ?? scan.name;
  const guess = scan.basis === 'port' ? ', by its port' : '';
  return (
    <div className="small dim">
      {clients === 0 ? 'Only open to a scan' : 'Scanned'}
      {name === null ? '' : `: ${name}${guess}`}
      {scan.contradicted && (
        <>
          {' '}
          <span className="mark">contradicts what was seen</span>
        </>
      )}
    </div>
  );
}

/** What the asset offers: it was seen to answer, or was open to a scanner. */
export function ServicesCard({ detail }: { detail: AssetDetail }) {
  const { change } = useAddress();
  return (
    <section className="card" aria-labelledby="services">
      <h2 id="services">Services it answers on</h2>
      {detail.services.length === 0 && (
        <p className="dim">It was not seen to answer on any service, and no scan found one.</p>
      )}
      {detail.services.length > 0 && (
        <div className="scroll-x">
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">Service</th>
                <th scope="col">Application</th>
                <th scope="col">Protection</th>
                <th scope="col" className="number">
                  Clients
                </th>
                <th scope="col">Last answered</th>
              </tr>
            </thead>
            <tbody>
              {detail.services.map((service) => (
                <tr key={serviceKey(service) + service.application}>
                  <td>
                    <button
                      type="button"
                      className="link-button"
                      onClick={() => change({ panel: `service:${serviceKey(service)}` })}
                    >
                      {serviceName(service)}
                    </button>
                  </td>
                  <td>
                    {service.application ?? <Unknown word="Not recognised" />}
                    <ScanWord service={service} />
                  </td>
                  <td>
                    <ProtectionMark value={service.protection} />
                  </td>
                  <td className="number">
                    <AppLink href={`/conversations?asset=${detail.asset.id}&port=${service.port ?? ''}`}>
                      {service.clients}
                    </AppLink>
                  </td>
                  <td>
                    <When at={service.lastSeen} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <ScannedSoftware detail={detail} />
    </section>
  );
}

function ScannedSoftware({ detail: { scannedSoftware } }: { detail: AssetDetail }) {
  if (scannedSoftware.length === 0) return null;
  return (
    <details>
      <summary>Software that scans found ({scannedSoftware.length})</summary>
      <ul className="plain-list">
        {scannedSoftware.map(({ cpe, scanner, lastSeen }) => (
          <li key={cpe}>
            <span className="mono">{cpe}</span>{' '}
            <span className="dim small">
              {scanner}, <When at={lastSeen} />
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
