import { Button } from '@mantine/core';
import type { RecallRow } from '@wardline/model';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import { AppLink } from '../../shell/AppLink.tsx';
import { useAddress } from '../../shell/address.ts';
import { useMay } from '../../shell/permissions.ts';
import { Empty } from '../../shell/states.tsx';
import type { Column } from '../../table/columns.ts';
import { ListView } from '../../table/ListView.tsx';
import { ImportDialog } from './ImportDialog.tsx';
import { sourceWords } from './words.ts';

const columns: Column<RecallRow>[] = [
  {
    id: 'number',
    label: 'Number',
    width: 150,
    sort: 'number',
    render: (row) => <AppLink href={`/recalls/${row.id}`}>{row.number}</AppLink>,
  },
  { id: 'firm', label: 'From', width: 180, sort: 'firm', render: (row) => row.firm },
  { id: 'product', label: 'Product', width: 320, render: (row) => row.product },
  {
    id: 'grade',
    label: 'Class',
    width: 80,
    sort: 'grade',
    render: (row) => row.grade ?? <span className="dim">not told</span>,
  },
  {
    id: 'open',
    label: 'To decide or do',
    width: 130,
    numeric: true,
    sort: 'open',
    render: (row) => (row.open === 0 ? '–' : <strong>{row.open}</strong>),
  },
  {
    id: 'devices',
    label: 'Devices, may be meant',
    width: 190,
    numeric: true,
    sort: 'devices',
    render: (row) => row.devices || '–',
  },
  { id: 'day', label: 'Began', width: 110, sort: 'day', render: (row) => row.day ?? '–' },
  { id: 'source', label: 'Source', width: 180, extra: true, render: (row) => sourceWords[row.source] },
];

/** Recalls and field safety notices; first those that are about devices of the house. */
export function RecallsPage() {
  const { values, change, go } = useAddress();
  const may = useMay();
  const [importing, setImporting] = useState(false);
  const only = values.only ?? '';
  return (
    <div className="page-fill">
      <div className="spread">
        <h1>Recalls</h1>
        <div className="row">
          <label className="row">
            Show{' '}
            <select
              value={only}
              onChange={(event) => change({ only: event.currentTarget.value || undefined })}
            >
              <option value="">all notices</option>
              <option value="ours">those that may be about our devices</option>
              <option value="open">those where something is left to decide or do</option>
            </select>
          </label>
          {may('recall.import') && <Button onClick={() => setImporting(true)}>Import notices</Button>}
        </div>
      </div>
      <ListView
        list="recalls"
        noun={['notice', 'notices']}
        search="Search number, firm, product"
        query={queries.recalls({ sort: 'open', order: 'desc', ...values })}
        columns={columns}
        defaultSort="open"
        defaultOrder="desc"
        rowId={(row) => row.id}
        rowLabel={(row) => `${row.firm} ${row.number}`}
        filters={[]}
        onOpen={(row) => go(`/recalls/${row.id}`)}
        empty={
          <Empty title="No such notice">
            Import a download of openFDA’s device recalls, or a table of field safety notices: each is held
            against every device.
          </Empty>
        }
      />
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
    </div>
  );
}
