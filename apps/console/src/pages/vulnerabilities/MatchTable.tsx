import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import type { MatchRow } from '../../api/types.ts';
import { count } from '../../format/number.ts';
import { AppLink } from '../../shell/AppLink.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { VerdictDialog } from './VerdictDialog.tsx';
import { VerdictMark } from './VerdictMark.tsx';

type By = { asset: string } | { vulnerability: string };

/** Asset by weakness: the answer, why, and the way to a verdict. */
export function MatchTable({ by, none }: { by: By; none: string }) {
  const query = useInfiniteQuery(queries.matches({ ...by, sort: 'verdict', order: 'asc' }));
  const [open, setOpen] = useState<MatchRow | null>(null);
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  if (query.error && !query.data)
    return <Failure error={query.error} retry={() => void query.refetch()} what="The answers" />;
  if (query.isPending) return <Loading label="answers" rows={3} />;
  if (rows.length === 0) return <p className="dim">{none}</p>;
  return (
    <div className="scroll-x">
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">{'asset' in by ? 'Weakness' : 'Asset'}</th>
            <th scope="col">Answer</th>
            <th scope="col">Verdict</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <MatchLine key={row.id} row={row} ofAsset={'asset' in by} onDecide={() => setOpen(row)} />
          ))}
        </tbody>
      </table>
      {query.hasNextPage && (
        <Button variant="default" size="xs" onClick={() => void query.fetchNextPage()}>
          More of {count(query.data?.pages[0]?.total ?? 0)}
        </Button>
      )}
      {open && <VerdictDialog match={open} onClose={() => setOpen(null)} />}
    </div>
  );
}

function MatchLine({ row, ofAsset, onDecide }: { row: MatchRow; ofAsset: boolean; onDecide: () => void }) {
  const name = ofAsset ? row.vulnerability : row.assetName;
  const href = ofAsset
    ? `/vulnerabilities?row=${encodeURIComponent(row.vulnerability)}&q=${encodeURIComponent(row.vulnerability)}`
    : `/assets/${row.asset}`;
  return (
    <tr>
      <td>
        <AppLink href={href}>{name}</AppLink>
        <div className="dim small">{row.reason}</div>
        {row.sbom !== null && (
          <div className="small">
            Its part {row.component} by <AppLink href={`/sboms/${row.sbom}`}>its bill of materials</AppLink>
          </div>
        )}
        {row.decision && (
          <div className="small">
            Decided by a person: {row.decision.reason} The advisories say {row.concluded.replace('-', ' ')}.
          </div>
        )}
      </td>
      <td>
        <VerdictMark value={row.verdict} />
      </td>
      <td>
        <Button variant="default" size="xs" onClick={onDecide} aria-label={`Decide on ${name}`}>
          Decide
        </Button>
      </td>
    </tr>
  );
}
