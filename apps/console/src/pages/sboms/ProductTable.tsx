import { Button } from '@mantine/core';
import type { SbomRow } from '../../api/sboms.ts';
import { count } from '../../format/number.ts';
import { AppLink } from '../../shell/AppLink.tsx';

interface Props {
  rows: readonly SbomRow[];
  total: number;
  onMore: (() => void) | null;
}

/** Products by their bills of materials. */
export function ProductTable({ rows, total, onMore }: Props) {
  return (
    <div className="scroll-x">
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Product</th>
            <th scope="col">Software</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td>
                <AppLink href={`/sboms/${row.id}`}>
                  {[row.vendor, row.model].filter(Boolean).join(' ')}
                </AppLink>
              </td>
              <td>{row.software || 'every version'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {onMore && (
        <Button variant="default" size="xs" onClick={onMore}>
          More of {count(total)}
        </Button>
      )}
    </div>
  );
}
