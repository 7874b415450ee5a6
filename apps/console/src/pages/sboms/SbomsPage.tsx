import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import type { SbomRow } from '../../api/sboms.ts';
import { count } from '../../format/number.ts';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useAddress } from '../../shell/address.ts';
import { useMay } from '../../shell/permissions.ts';
import { Empty } from '../../shell/states.tsx';
import type { Column } from '../../table/columns.ts';
import type { FilterName } from '../../table/Filters.tsx';
import { ListView } from '../../table/ListView.tsx';
import { AddSbomDialog } from './AddSbomDialog.tsx';

const filters: FilterName[] = [
  { name: 'vendor', label: 'Vendor' },
  { name: 'current', label: 'Only those that count' },
];

const columns: Column<SbomRow>[] = [
  { id: 'model', label: 'Model', width: 220, sort: 'model', render: (row) => <strong>{row.model}</strong> },
  {
    id: 'vendor',
    label: 'Vendor',
    width: 180,
    sort: 'vendor',
    render: (row) => row.vendor || <span className="dim">not told</span>,
  },
  {
    id: 'software',
    label: 'Software',
    width: 136,
    sort: 'software',
    render: (row) => row.software || 'every version',
  },
  {
    id: 'components',
    label: 'Components',
    width: 112,
    sort: 'components',
    numeric: true,
    render: (row) => count(row.components),
  },
  { id: 'format', label: 'Format', width: 168, render: (row) => `${row.format} ${row.specVersion}` },
  { id: 'added', label: 'Added', width: 168, sort: 'addedAt', render: (row) => <When at={row.addedAt} /> },
  {
    id: 'counts',
    label: 'Counts',
    width: 120,
    render: (row) => (row.replacedAt === null ? 'yes' : <span className="dim">replaced</span>),
  },
];

/** Bills of materials of products, the ones that count first. */
export function SbomsPage() {
  const { values } = useAddress();
  const navigate = useNavigate();
  const may = useMay();
  const [adding, setAdding] = useState(false);
  const { row: _row, ...asked } = values;
  return (
    <div className="page-fill">
      <div className="spread">
        <h1>Bills of materials</h1>
        <div className="row">
          <AppLink href="/components">SBOM search</AppLink>
          {may('sbom.add') && <Button onClick={() => setAdding(true)}>Add</Button>}
        </div>
      </div>
      <ListView
        list="sboms"
        noun={['bill of materials', 'bills of materials']}
        search="Search vendor, model, version"
        query={queries.sboms(asked)}
        columns={columns}
        rowId={(row) => row.id}
        rowLabel={(row) => `${row.vendor} ${row.model} ${row.software}`}
        filters={filters}
        defaultSort="model"
        onOpen={(row) => void navigate({ to: `/sboms/${row.id}` })}
        empty={
          <Empty title="No bill of materials yet">
            Add one here, or hand them over with <code>wardline sbom add</code>.
          </Empty>
        }
      />
      {adding && <AddSbomDialog onClose={() => setAdding(false)} />}
    </div>
  );
}
