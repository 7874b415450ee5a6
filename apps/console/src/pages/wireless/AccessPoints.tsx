import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import { type AccessPoint, wirelessActs } from '../../api/wireless.ts';
import { When } from '../../marks/When.tsx';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Failure, Loading } from '../../shell/states.tsx';

/** The house's own access points, by which false ones are told. */
export function AccessPoints() {
  const { data, error, refetch } = useQuery(queries.accessPoints());
  return (
    <section className="card stack" aria-labelledby="air-ours">
      <h2 id="air-ours">Access points of ours</h2>
      {error && !data && <Failure error={error} retry={() => void refetch()} what="The list" />}
      {!data && !error && <Loading label="the list" rows={3} />}
      {data?.items.length === 0 && (
        <p>
          Nobody keeps a list yet, so that only what contradicts itself is told. Say of networks above that
          they are ours, or hand in the list that networking keeps: wardline access-point add ours.txt.
        </p>
      )}
      {data !== undefined && data.items.length > 0 && (
        <table className="people-table">
          <caption className="unseen">Access points of ours</caption>
          <thead>
            <tr>
              <th scope="col">Network</th>
              <th scope="col">Hardware address</th>
              <th scope="col">Added</th>
              <th scope="col">By</th>
              <th scope="col">
                <span className="unseen">Acts</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {data.items.map((one) => (
              <Line key={one.id} one={one} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Line({ one }: { one: AccessPoint }) {
  const may = useMay();
  const [asking, setAsking] = useState(false);
  return (
    <tr>
      <td>{one.ssid}</td>
      <td className="mono">{one.bssid}</td>
      <td>
        <When at={one.added} />
      </td>
      <td>{one.addedBy}</td>
      <td>
        {may('wireless.withdraw') && (
          <Button
            variant="default"
            size="compact-sm"
            onClick={() => setAsking(true)}
            aria-label={`Take off the list… ${one.ssid} ${one.bssid}`}
          >
            Take off the list…
          </Button>
        )}
        <ReasonDialog
          opened={asking}
          onClose={() => setAsking(false)}
          title={`Take ${one.bssid} off the list`}
          confirm="Take it off"
          done="It is off the list."
          act={(reason) => wirelessActs.withdraw(one.id, reason)}
        >
          <p>Whoever offers “{one.ssid}” from this address is told of as a false access point from now on.</p>
        </ReasonDialog>
      </td>
    </tr>
  );
}
