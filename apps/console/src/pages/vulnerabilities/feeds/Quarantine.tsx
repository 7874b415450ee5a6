import { useQuery } from '@tanstack/react-query';
import { queries } from '../../../api/queries.ts';
import { When } from '../../../marks/When.tsx';
import { Failure, Loading } from '../../../shell/states.tsx';
import { Faults } from './FaultPanel.tsx';

/** Whatever could not be read, by a feed or by hand. */
export function Quarantine() {
  const { data, error, refetch } = useQuery(queries.quarantine());
  return (
    <section className="card stack-tight" aria-labelledby="quarantine">
      <h2 id="quarantine">Quarantine</h2>
      {error && !data && <Failure error={error} retry={() => void refetch()} what="The quarantine" />}
      {!data && !error && <Loading label="quarantine" rows={2} />}
      {data?.items.length === 0 && <p className="dim">Every document could be read.</p>}
      {data && data.items.length > 0 && (
        <div className="scroll-x">
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">Document</th>
                <th scope="col">Fault and its place</th>
                <th scope="col">Since</th>
              </tr>
            </thead>
            <tbody>
              {data.items.map(({ name, faults, at }) => (
                <tr key={name}>
                  <td className="mono">{name}</td>
                  <td>
                    <Faults faults={faults} />
                  </td>
                  <td>
                    <When at={at} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
