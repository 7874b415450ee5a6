import { useInfiniteQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries.ts';
import { HarmMarks, SeverityMark } from '../../marks/marks.tsx';
import { useAddress } from '../../shell/address.ts';
import { Failure, Loading } from '../../shell/states.tsx';

/** What is wrong with it, worst first; each opens its evidence. */
export function FindingsCard({ asset }: { asset: string }) {
  const { change } = useAddress();
  const query = useInfiniteQuery(queries.findings({ asset, sort: 'severity', order: 'asc' }));
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className="card" aria-labelledby="findings">
      <h2 id="findings">Findings</h2>
      {query.error && !query.data && (
        <Failure error={query.error} retry={() => void query.refetch()} what="The findings" />
      )}
      {query.isPending && <Loading label="findings" rows={3} />}
      {query.data && rows.length === 0 && <p className="dim">No finding on this asset.</p>}
      {rows.length > 0 && (
        <div className="scroll-x">
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">Finding</th>
                <th scope="col">Severity</th>
                <th scope="col">May harm</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.id}>
                  <td>
                    <button
                      type="button"
                      className="link-button"
                      onClick={() => change({ panel: `finding:${row.id}` })}
                    >
                      {row.title}
                    </button>
                    <div className="dim small">{row.summary}</div>
                  </td>
                  <td>
                    <SeverityMark value={row.severity} harms={row.harms} />
                  </td>
                  <td>
                    <HarmMarks harms={row.harms} />
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
