import { useQuery } from '@tanstack/react-query';
import { apiAddress } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import type { FindingRow } from '../../api/types.ts';
import { count, counted } from '../../format/number.ts';
import { harmWords, severityWords } from '../../format/words.ts';
import { CriticalityMark, HarmMarks, SeverityMark } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { listOf, toggled, useAddress } from '../../shell/address.ts';
import { Empty } from '../../shell/states.tsx';
import type { Column } from '../../table/columns.ts';
import type { FilterName } from '../../table/Filters.tsx';
import { ListView } from '../../table/ListView.tsx';
import { FindingPanel } from './FindingPanel.tsx';

const filters: FilterName[] = [
  {
    name: 'severity',
    label: 'Severity',
    word: (value) => severityWords[value as keyof typeof severityWords] ?? value,
  },
  { name: 'harm', label: 'May harm', word: (value) => harmWords[value as keyof typeof harmWords] ?? value },
  { name: 'rule', label: 'Kind' },
  { name: 'asset', label: 'Asset' },
];

const worstFirst = { sort: 'severity', order: 'asc' };

const columns: Column<FindingRow>[] = [
  { id: 'title', label: 'Finding', width: 280, sort: 'title', render: (row) => <strong>{row.title}</strong> },
  {
    id: 'severity',
    label: 'Severity',
    width: 112,
    sort: 'severity',
    render: (row) => <SeverityMark value={row.severity} harms={row.harms} />,
  },
  { id: 'harms', label: 'May harm', width: 280, render: (row) => <HarmMarks harms={row.harms} /> },
  {
    id: 'asset',
    label: 'Asset',
    width: 168,
    sort: 'asset',
    render: (row) => <AppLink href={`/assets/${row.asset}`}>{row.assetName}</AppLink>,
  },
  {
    id: 'criticality',
    label: 'Criticality',
    width: 128,
    render: (row) => <CriticalityMark value={row.assetCriticality} />,
  },
  { id: 'count', label: 'Times', width: 64, sort: 'count', numeric: true, render: (row) => count(row.count) },
  {
    id: 'lastSeen',
    label: 'Last seen',
    width: 168,
    sort: 'lastSeen',
    render: (row) => <When at={row.lastSeen} />,
  },
  { id: 'class', label: 'Class', width: 152, extra: true, render: (row) => row.assetClassLabel ?? 'Unknown' },
  { id: 'peer', label: 'Other side', width: 168, extra: true, render: (row) => row.peerName ?? '' },
];

export function FindingsPage() {
  const { values, change } = useAddress();
  const { row: _row, ...asked } = values;
  return (
    <div className="page-fill">
      <h1>Findings</h1>
      <ListView
        list="findings"
        noun={['finding', 'findings']}
        search="Search finding, device"
        query={queries.findings({ ...worstFirst, ...asked })}
        exportHref={apiAddress('/findings.csv', { ...worstFirst, ...asked })}
        columns={columns}
        rowId={(row) => row.id}
        rowLabel={(row) => `${row.title} on ${row.assetName}`}
        filters={filters}
        above={<SeverityFilters />}
        defaultSort="severity"
        defaultOrder="asc"
        onOpen={(row) => change({ row: row.id })}
        empty={
          <Empty title="No finding">
            Nothing in what was observed is against the rules of the knowledge.
          </Empty>
        }
        panel={(row) => <FindingPanel finding={row} onClose={() => change({ row: undefined })} />}
      />
    </div>
  );
}

function SeverityFilters() {
  const { values, change } = useAddress();
  const { data } = useQuery(queries.overview());
  const chosen = listOf(values.severity);
  return (
    <fieldset className="row facet" aria-label="Severity" style={{ margin: 0 }}>
      {(['critical', 'high', 'medium', 'low', 'info'] as const).map((severity) => (
        <button
          key={severity}
          type="button"
          className="chip"
          aria-pressed={chosen.includes(severity)}
          title={counted(data?.findings[severity] ?? 0, 'finding')}
          onClick={() => change({ severity: toggled(values.severity, severity), row: undefined })}
        >
          {severityWords[severity]} <span className="dim">{count(data?.findings[severity] ?? 0)}</span>
        </button>
      ))}
    </fieldset>
  );
}
