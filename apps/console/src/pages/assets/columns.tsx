import type { AssetRow, Severity } from '../../api/types.ts';
import { count } from '../../format/number.ts';
import { severityWords } from '../../format/words.ts';
import {
  ConfidenceMark,
  CriticalityMark,
  RegisterMark,
  SensitivityMark,
  Unknown,
} from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import type { Column } from '../../table/columns.ts';

const known = (value: string | null) => value ?? <Unknown />;

/** The first of a list and how many more. */
function Several(props: { values: readonly (string | number)[]; mono?: boolean; none?: string }) {
  const { values, mono = true, none = 'none seen' } = props;
  if (values.length === 0) return <span className="dim">{none}</span>;
  return (
    <span title={values.join(', ')}>
      <span className={mono ? 'mono' : ''}>{values[0]}</span>
      {values.length > 1 && <span className="dim"> +{values.length - 1}</span>}
    </span>
  );
}

const order: Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

function FindingCounts({ row }: { row: AssetRow }) {
  const parts = order.filter((severity) => (row.findings[severity] ?? 0) > 0);
  if (parts.length === 0) return <span className="dim">none</span>;
  const text = parts
    .map((severity) => `${row.findings[severity]} ${severityWords[severity].toLowerCase()}`)
    .join(', ');
  const [worst = 'info', ...rest] = parts;
  const more = rest.reduce((sum, severity) => sum + (row.findings[severity] ?? 0), 0);
  return (
    <AppLink href={`/findings?asset=${row.id}`} title={text}>
      {row.findings[worst]} {severityWords[worst].toLowerCase()}
      {more > 0 && <span className="dim"> +{more}</span>}
    </AppLink>
  );
}

export const assetColumns: Column<AssetRow>[] = [
  {
    id: 'name',
    label: 'Name',
    width: 208,
    sort: 'name',
    render: (row) => (
      <AppLink href={`/assets/${row.id}`} title={row.name}>
        {row.name}
      </AppLink>
    ),
  },
  { id: 'class', label: 'Class', width: 152, sort: 'class', render: (row) => known(row.classLabel) },
  {
    id: 'criticality',
    label: 'Criticality',
    width: 120,
    sort: 'criticality',
    render: (row) => <CriticalityMark value={row.criticality} />,
  },
  { id: 'vendor', label: 'Vendor', width: 120, sort: 'vendor', render: (row) => known(row.vendor) },
  { id: 'model', label: 'Model', width: 136, sort: 'model', extra: true, render: (row) => known(row.model) },
  { id: 'ip', label: 'IP address', width: 144, render: (row) => <Several values={row.ips} /> },
  {
    id: 'vlan',
    label: 'VLAN',
    width: 88,
    render: (row) => <Several values={row.vlans} mono={false} none="untagged" />,
  },
  {
    id: 'confidence',
    label: 'Confidence',
    width: 176,
    sort: 'confidence',
    extra: true,
    render: (row) => <ConfidenceMark value={row.confidence} />,
  },
  {
    id: 'findings',
    label: 'Findings',
    width: 120,
    sort: 'findings',
    render: (row) => <FindingCounts row={row} />,
  },
  {
    id: 'register',
    label: 'Register',
    width: 120,
    sort: 'register',
    render: (row) => <RegisterMark value={row.register} />,
  },
  {
    id: 'lastSeen',
    label: 'Last seen',
    width: 168,
    sort: 'lastSeen',
    render: (row) => <When at={row.lastSeen} />,
  },
  {
    id: 'mac',
    label: 'MAC address',
    width: 152,
    extra: true,
    render: (row) => <Several values={row.macs} />,
  },
  {
    id: 'hostname',
    label: 'Host name',
    width: 152,
    extra: true,
    render: (row) => <Several values={row.hostnames} />,
  },
  {
    id: 'serial',
    label: 'Serial number',
    width: 136,
    sort: 'serial',
    extra: true,
    render: (row) => known(row.serial),
  },
  {
    id: 'software',
    label: 'Software',
    width: 136,
    sort: 'software',
    extra: true,
    render: (row) => known(row.software),
  },
  {
    id: 'os',
    label: 'Operating system',
    width: 144,
    sort: 'os',
    extra: true,
    render: (row) => known(row.os),
  },
  {
    id: 'dataSensitivity',
    label: 'Patient data',
    width: 152,
    sort: 'dataSensitivity',
    extra: true,
    render: (row) => <SensitivityMark value={row.dataSensitivity} />,
  },
  {
    id: 'location',
    label: 'Location',
    width: 144,
    sort: 'location',
    extra: true,
    render: (row) => known(row.location),
  },
  {
    id: 'department',
    label: 'Department',
    width: 144,
    sort: 'department',
    extra: true,
    render: (row) => known(row.department),
  },
  { id: 'owner', label: 'Owner', width: 128, sort: 'owner', extra: true, render: (row) => known(row.owner) },
  {
    id: 'services',
    label: 'Services',
    width: 88,
    sort: 'services',
    numeric: true,
    extra: true,
    render: (row) => count(row.services),
  },
  {
    id: 'peers',
    label: 'Peers',
    width: 80,
    sort: 'peers',
    numeric: true,
    extra: true,
    render: (row) => count(row.peers),
  },
  {
    id: 'firstSeen',
    label: 'First seen',
    width: 168,
    sort: 'firstSeen',
    extra: true,
    render: (row) => <When at={row.firstSeen} />,
  },
];
