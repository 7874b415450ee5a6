import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Disclosure } from '@wardline/model';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { Empty, Failure, Loading } from '../../shell/states.tsx';
import { AddDialog } from './AddDialog.tsx';
import { stepWords } from './words.ts';

/** Reports of weaknesses that somebody has told the hospital, those that wait first. */
export function DisclosuresPage() {
  const { data, error, refetch } = useQuery(queries.disclosures());
  const may = useMay();
  const [adding, setAdding] = useState(false);
  if (error && !data) return <Failure error={error} retry={() => void refetch()} what="The reports" />;
  if (!data) return <Loading label="reports" rows={6} />;
  return (
    <div className="stack">
      <div className="spread">
        <h1>Reports of weaknesses</h1>
        {may('disclosure.add') && <Button onClick={() => setAdding(true)}>Take a report in</Button>}
      </div>
      {data.items.length === 0 ? (
        <Empty title="Nobody has told of a weakness yet">
          Enter what researchers, staff or others tell of a device or of the hospital’s own network: each
          report has its clocks, and is handed over to the supplier.
        </Empty>
      ) : (
        <section className="card scroll-x" aria-label="Reports">
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">Report</th>
                <th scope="col">Product</th>
                <th scope="col">Received</th>
                <th scope="col">Next</th>
              </tr>
            </thead>
            <tbody>
              {data.items.map((one) => (
                <tr key={one.number}>
                  <th scope="row">
                    <AppLink href={`/disclosures/${one.number}`}>{one.details.title}</AppLink>
                  </th>
                  <td>{`${one.details.vendor} ${one.details.model}`.trim() || 'the hospital’s own'}</td>
                  <td>{one.received}</td>
                  <td>
                    <Next of={one} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {adding && <AddDialog onClose={() => setAdding(false)} />}
    </div>
  );
}

function Next({ of: { clocks } }: { of: Disclosure }) {
  const late = clocks.find(({ state }) => state === 'overdue');
  const next = late ?? clocks.find(({ state }) => state === 'running');
  if (next === undefined) return <>Nothing is left to do</>;
  return (
    <>
      {late !== undefined && <span className="mark criticality-high">Overdue</span>} {stepWords[next.step]},
      by {next.due}
    </>
  );
}
