import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries.ts';
import type { SbomFinding } from '../../api/sboms.ts';
import { count } from '../../format/number.ts';
import { AppLink } from '../../shell/AppLink.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { VerdictMark } from '../vulnerabilities/VerdictMark.tsx';

/** Weaknesses of the parts, each with the part and why. */
export function FindingsOfParts({ sbom }: { sbom: string }) {
  const query = useInfiniteQuery(queries.sbomFindings(sbom));
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className="card" aria-labelledby="part-findings">
      <h2 id="part-findings">Weaknesses of its parts</h2>
      {query.error && !query.data && (
        <Failure error={query.error} retry={() => void query.refetch()} what="The weaknesses" />
      )}
      {query.isPending && <Loading label="weaknesses" rows={3} />}
      {query.data && rows.length === 0 && (
        <p className="dim">No advisory that was read names one of its parts.</p>
      )}
      {rows.length > 0 && <FindingTable rows={rows} />}
      {query.hasNextPage && (
        <Button variant="default" size="xs" onClick={() => void query.fetchNextPage()}>
          More of {count(query.data?.pages[0]?.total ?? 0)}
        </Button>
      )}
    </section>
  );
}

function FindingTable({ rows }: { rows: readonly SbomFinding[] }) {
  return (
    <div className="scroll-x">
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Weakness</th>
            <th scope="col">Part</th>
            <th scope="col">Answer</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.vulnerability}>
              <td>
                <AppLink
                  href={`/vulnerabilities?row=${encodeURIComponent(row.vulnerability)}&q=${encodeURIComponent(row.vulnerability)}`}
                >
                  {row.vulnerability}
                </AppLink>
                <div className="dim small">{row.reason}</div>
              </td>
              <td>
                {row.component || 'the product itself'}
                {row.further > 0 && <span className="dim"> and {count(row.further)} more</span>}
              </td>
              <td>
                <VerdictMark value={row.verdict} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
