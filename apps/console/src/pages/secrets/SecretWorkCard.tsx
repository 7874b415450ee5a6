import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries.ts';
import { counted } from '../../format/number.ts';
import { CriticalityMark } from '../../marks/marks.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';

/** As many as one looks through; the rest is behind the findings. */
const SHOWN = 5;

/** Devices that were seen with a default or clear-text credential, and have none of their own yet. */
export function SecretWorkCard({ onAdopt }: { onAdopt: (asset: string) => void }) {
  const { data } = useQuery(queries.secretWork());
  const may = useMay();
  if (data === undefined || data.items.length === 0) return null;
  return (
    <section className="card stack-tight" aria-labelledby="secret-work">
      <h2 id="secret-work">{counted(data.items.length, 'device')} with a default or clear-text credential</h2>
      <table className="people-table">
        <thead>
          <tr>
            <th scope="col">Device</th>
            <th scope="col">Criticality</th>
            <th scope="col">What was seen</th>
            <th scope="col">
              <span className="unseen">Acts</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {data.items.slice(0, SHOWN).map((item) => (
            <tr key={item.finding}>
              <td>
                <AppLink href={`/assets/${item.asset}`}>{item.assetName}</AppLink>
              </td>
              <td>
                <CriticalityMark value={item.criticality} />
              </td>
              <td>
                <AppLink href={`/findings?asset=${item.asset}`}>{item.title}</AppLink>
                <div className="small dim">{item.summary}</div>
              </td>
              <td>
                {may('secret.adopt') && (
                  <Button size="xs" variant="default" onClick={() => onAdopt(item.asset)}>
                    Keep its secret…
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {data.items.length > SHOWN && (
        <AppLink href="/findings?rule=default-credential-accepted,default-credential,cleartext-credential">
          See all of them
        </AppLink>
      )}
    </section>
  );
}
