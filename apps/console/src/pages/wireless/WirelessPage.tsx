import { useQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries.ts';
import type { AlertRow } from '../../api/watch.ts';
import { count, counted } from '../../format/number.ts';
import { SeverityMark } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { Failure, Loading } from '../../shell/states.tsx';
import { AccessPoints } from './AccessPoints.tsx';
import { Bluetooth } from './Bluetooth.tsx';
import { Networks } from './Networks.tsx';
import { Nfc } from './Nfc.tsx';
import { airDetections } from './words.ts';

/** The air: what happened in it, the networks and devices that were heard, the house's own access points, and what nobody can hear. */
export function WirelessPage() {
  const may = useMay();
  return (
    <div className="stack">
      <h1>Wireless</h1>
      {may('watch.alerts') && <Happenings />}
      {may('wireless.heard') && <Networks />}
      {may('wireless.list') && <AccessPoints />}
      {may('wireless.bluetooth') && <Bluetooth />}
      {may('wireless.nfc') && <Nfc />}
    </div>
  );
}

const SHOWN = 20;

/** Evil twins, floods that throw devices off, and those that take another's name, as the watch tells them. */
function Happenings() {
  const detection = airDetections.join(',');
  const { data, error, refetch } = useQuery(queries.latestAlerts(detection, SHOWN));
  return (
    <section className="card stack" aria-labelledby="air-happenings">
      <h2 id="air-happenings">What happened in the air</h2>
      {error && !data && <Failure error={error} retry={() => void refetch()} what="What happened" />}
      {!data && !error && <Loading label="what happened" rows={3} />}
      {data?.items.length === 0 && (
        <p>
          No false access point, no flood that throws devices off and no device under another’s name was told
          of. That says something only where a sensor listens in monitor mode.
        </p>
      )}
      {data !== undefined && data.items.length > 0 && (
        <>
          <table className="people-table">
            <caption className="unseen">What happened in the air</caption>
            <thead>
              <tr>
                <th scope="col">Severity</th>
                <th scope="col">What</th>
                <th scope="col">Last</th>
                <th scope="col">Story</th>
              </tr>
            </thead>
            <tbody>
              {data.items.map((alert) => (
                <Happening key={alert.id} alert={alert} />
              ))}
            </tbody>
          </table>
          {data.total > data.items.length && (
            <p>
              <AppLink href={`/alerts?detection=${detection}`}>All {count(data.total)}</AppLink>
            </p>
          )}
        </>
      )}
    </section>
  );
}

function Happening({ alert }: { alert: AlertRow }) {
  return (
    <tr>
      <td>
        <SeverityMark value={alert.severity} />
      </td>
      <td>
        <strong>{alert.title}</strong>
        <div>{alert.summary}</div>
        {alert.targetCount > 0 && (
          <div className="small dim">{counted(alert.targetCount, 'device')} concerned</div>
        )}
      </td>
      <td>
        <When at={alert.lastSeen} />
      </td>
      <td>
        <AppLink href={`/stories/${alert.story}`}>Story</AppLink>
      </td>
    </tr>
  );
}
