import { Button } from '@mantine/core';
import type { ProductFile, ProductWeakness } from '@wardline/model';
import { useState } from 'react';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { PlanDialog } from './SayDialogs.tsx';
import { answerOf, day, fixWords } from './words.ts';

/** Known weaknesses, each with its clock and its fix or plan. */
export function PatchPlan({ of: { id, weaknesses } }: { of: ProductFile }) {
  const may = useMay();
  const [planning, setPlanning] = useState<ProductWeakness | null>(null);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls the table by keys
    <section className="card scroll-x" aria-labelledby="patches" tabIndex={0}>
      <h2 id="patches">Patch plan</h2>
      {weaknesses.length === 0 ? (
        <p>No weakness of it is known. That is no proof that it has none.</p>
      ) : (
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">Weakness</th>
              <th scope="col">Cycle</th>
              <th scope="col">Known since</th>
              <th scope="col">By</th>
              <th scope="col">State</th>
              <th scope="col">Fix or plan</th>
            </tr>
          </thead>
          <tbody>
            {weaknesses.map((one) => (
              <tr key={one.id}>
                <th scope="row">
                  <Name of={one} />
                  <div className="small dim">{one.component || one.title}</div>
                </th>
                <td>{one.critical ? 'Critical' : 'Regular'}</td>
                <td>{day(one.learnt)}</td>
                <td>{day(one.due) || '–'}</td>
                <td>
                  <span className={`mark ${one.state === 'overdue' ? 'criticality-high' : ''}`}>
                    {fixWords[one.state]}
                  </span>
                </td>
                <td>
                  {answerOf(one)}{' '}
                  {one.fix === null && may('product.plan') && (
                    <Button
                      size="compact-sm"
                      variant="default"
                      aria-label={`Plan the fix of ${one.id}`}
                      onClick={() => setPlanning(one)}
                    >
                      Plan…
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {planning !== null && <PlanDialog id={id} weakness={planning} onClose={() => setPlanning(null)} />}
    </section>
  );
}

function Name({ of: { id } }: { of: ProductWeakness }) {
  const [, report] = /^report (\d+)$/.exec(id) ?? [];
  return report === undefined ? (
    <AppLink href={`/vulnerabilities?row=${encodeURIComponent(id)}`}>{id}</AppLink>
  ) : (
    <AppLink href={`/disclosures/${report}`}>Report {report}</AppLink>
  );
}
