import { Button, Checkbox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Purchase, ScoreLine } from '@wardline/model';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import { AppLink } from '../../shell/AppLink.tsx';
import { useAddress } from '../../shell/address.ts';
import { useMay } from '../../shell/permissions.ts';
import { Empty, Failure, Loading } from '../../shell/states.tsx';
import { ScoreBar, stateWords, VerdictMark } from './marks.tsx';
import { PurchaseDialog } from './PurchaseDialog.tsx';

/** Products before they are bought; two of them can be laid side by side. */
export function PurchasesPage() {
  const { data, error, refetch } = useQuery(queries.purchases());
  const may = useMay();
  const { values, change } = useAddress();
  const [adding, setAdding] = useState(false);
  if (error && !data) return <Failure error={error} retry={() => void refetch()} what="The assessments" />;
  if (!data) return <Loading label="assessments" rows={6} />;
  const chosen = (values.beside ?? '').split(',').filter((id) => data.items.some((one) => one.id === id));
  const toggle = (id: string) => {
    const next = chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id].slice(-2);
    change({ beside: next.join(',') || undefined });
  };
  return (
    <div className="stack">
      <div className="spread">
        <h1>Procurement</h1>
        {may('purchase.add') && <Button onClick={() => setAdding(true)}>Ask for an assessment</Button>}
      </div>
      {data.items.length === 0 ? (
        <Empty title="Nothing is being bought">
          Ask for an assessment before a device is ordered: its bill of materials, its maker’s statement and
          the offer are scored, and the clauses to ask for are named.
        </Empty>
      ) : (
        <PurchaseTable items={data.items} chosen={chosen} toggle={toggle} />
      )}
      {chosen.length === 2 && (
        <SideBySide pair={chosen.map((id) => data.items.find((one) => one.id === id)!)} />
      )}
      {adding && <PurchaseDialog purchase={null} onClose={() => setAdding(false)} />}
    </div>
  );
}

interface TableProps {
  items: readonly Purchase[];
  chosen: readonly string[];
  toggle: (id: string) => void;
}

function PurchaseTable({ items, chosen, toggle }: TableProps) {
  return (
    <section className="card scroll-x" aria-label="Assessments">
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Beside</th>
            <th scope="col">For</th>
            <th scope="col">Product</th>
            <th scope="col">State</th>
            <th scope="col">Score</th>
            <th scope="col">Open conditions</th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ id, details, state, score, conditions }) => (
            <tr key={id}>
              <td>
                <Checkbox
                  checked={chosen.includes(id)}
                  onChange={() => toggle(id)}
                  aria-label={`Lay ${details.title} beside another`}
                />
              </td>
              <th scope="row">
                <AppLink href={`/purchases/${id}`}>{details.title}</AppLink>
                <div className="small dim">{details.department}</div>
              </th>
              <td>
                {details.vendor} {details.model} {details.software}
              </td>
              <td>{stateWords[state]}</td>
              <td>
                <ScoreBar score={score} />
              </td>
              <td>{conditions.filter(({ met }) => !met).length || '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Line by line; lines that only one of them has stand with a dash at the other. */
function SideBySide({ pair }: { pair: readonly Purchase[] }) {
  const [left, right] = pair as [Purchase, Purchase];
  const others = new Map(right.score.parts.flatMap(({ lines }) => lines).map((line) => [line.id, line]));
  return (
    <section className="card stack scroll-x" aria-labelledby="beside">
      <h2 id="beside">Side by side</h2>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Asked</th>
            {pair.map(({ id, details }) => (
              <th scope="col" key={id}>
                {details.vendor} {details.model}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Score</th>
            {pair.map(({ id, score }) => (
              <td key={id}>
                <ScoreBar score={score} />
              </td>
            ))}
          </tr>
          {left.score.parts.flatMap(({ lines }) =>
            lines.map((line) => (
              <tr key={line.id}>
                <th scope="row">{line.title}</th>
                <Side line={line} />
                <Side line={others.get(line.id)} />
              </tr>
            )),
          )}
        </tbody>
      </table>
    </section>
  );
}

function Side({ line }: { line: ScoreLine | undefined }) {
  if (line === undefined) return <td>–</td>;
  return (
    <td>
      <VerdictMark line={line} /> <span className="small dim">{line.reason}</span>
    </td>
  );
}
