import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ProductRow } from '@wardline/model';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { Empty, Failure, Loading } from '../../shell/states.tsx';
import { ProductDialog } from './ProductDialog.tsx';

/** Products that somebody here answers for as their manufacturer, and how each stands. */
export function ProductsPage() {
  const { data, error, refetch } = useQuery(queries.products());
  const may = useMay();
  const [adding, setAdding] = useState(false);
  if (error && !data) return <Failure error={error} retry={() => void refetch()} what="The products" />;
  if (!data) return <Loading label="products" rows={6} />;
  return (
    <div className="stack">
      <div className="spread">
        <div>
          <h1>Product security files</h1>
          <p className="dim">
            For who makes a device, or changes one: section 524B line by line, worked out from what is held.
          </p>
        </div>
        {may('product.add') && <Button onClick={() => setAdding(true)}>Keep a file of a product</Button>}
      </div>
      {data.items.length === 0 ? (
        <Empty title="No product has a file yet">
          A file gathers the threat model, bills of materials, releases, reports of weaknesses and the patch
          plan of one product, and says which lines of section 524B they meet.
        </Empty>
      ) : (
        <Rows items={data.items} />
      )}
      {adding && <ProductDialog product={null} onClose={() => setAdding(false)} />}
    </div>
  );
}

function Rows({ items }: { items: readonly ProductRow[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls the table by keys
    <section className="card scroll-x" aria-label="Products" tabIndex={0}>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Product</th>
            <th scope="col">Kind</th>
            <th scope="col">Section 524B and guidance</th>
            <th scope="col">Threats</th>
            <th scope="col">Weaknesses</th>
            <th scope="col">Time to fix</th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ id, details, classLabel, counts, threats, timeliness }) => (
            <tr key={id}>
              <th scope="row">
                <AppLink href={`/products/${id}`}>
                  {details.vendor} {details.model}
                </AppLink>
              </th>
              <td>{classLabel}</td>
              <td>
                {counts.met} met, {counts['not-met']} not met, {counts.unknown} unknown
              </td>
              <td>
                {threats.open} open, {threats.unknown} unknown
              </td>
              <td>
                {timeliness.known}
                {timeliness.overdue > 0 && (
                  <>
                    {' '}
                    <span className="mark criticality-high">{timeliness.overdue} overdue</span>
                  </>
                )}
              </td>
              <td>{timeliness.medianDays === null ? '–' : `${timeliness.medianDays} days`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
