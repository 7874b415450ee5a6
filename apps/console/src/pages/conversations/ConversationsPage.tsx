import { apiAddress } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import type { ConversationRow } from '../../api/types.ts';
import { bytes, count } from '../../format/number.ts';
import { applicationWord, protectionWord } from '../../format/words.ts';
import { CriticalityMark, ProtectionMark, Unknown } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useAddress } from '../../shell/address.ts';
import { Empty } from '../../shell/states.tsx';
import type { Column } from '../../table/columns.ts';
import type { FilterName } from '../../table/Filters.tsx';
import { ListView } from '../../table/ListView.tsx';
import { ConversationPanel, sideName } from './ConversationPanel.tsx';
import { QuickFilters } from './QuickFilters.tsx';

const newestFirst = { sort: 'lastSeen', order: 'desc' };

const filters: FilterName[] = [
  { name: 'protection', label: 'Protection', word: protectionWord },
  { name: 'application', label: 'Application', word: applicationWord },
  { name: 'transport', label: 'Transport' },
  { name: 'vlan', label: 'VLAN' },
  { name: 'port', label: 'Port' },
  { name: 'asset', label: 'Asset' },
  { name: 'peer', label: 'Peer' },
  { name: 'from', label: 'From' },
  { name: 'to', label: 'To' },
];

function Side({ side }: { side: ConversationRow['client'] }) {
  return (
    <span className="side">
      {side.asset ? (
        <AppLink href={`/assets/${side.asset}`}>{side.name}</AppLink>
      ) : (
        <span>{sideName(side)}</span>
      )}
      {side.criticality === 'life-critical' && <CriticalityMark value={side.criticality} />}
    </span>
  );
}

const columns: Column<ConversationRow>[] = [
  { id: 'client', label: 'Client', width: 240, sort: 'client', render: (row) => <Side side={row.client} /> },
  { id: 'server', label: 'Server', width: 240, sort: 'server', render: (row) => <Side side={row.server} /> },
  {
    id: 'service',
    label: 'Service',
    width: 96,
    sort: 'serverPort',
    render: (row) => `${row.transport}${row.serverPort === null ? '' : `/${row.serverPort}`}`,
  },
  {
    id: 'application',
    label: 'Application',
    width: 112,
    sort: 'application',
    render: (row) => row.application ?? <Unknown />,
  },
  {
    id: 'protection',
    label: 'Protection',
    width: 112,
    sort: 'protection',
    render: (row) => <ProtectionMark value={row.protection} />,
  },
  {
    id: 'packets',
    label: 'Packets',
    width: 80,
    sort: 'packets',
    numeric: true,
    render: (row) => count(row.packetsFromClient + row.packetsFromServer),
  },
  {
    id: 'bytes',
    label: 'Bytes',
    width: 88,
    sort: 'bytes',
    numeric: true,
    render: (row) => bytes(row.bytesFromClient + row.bytesFromServer),
  },
  {
    id: 'lastSeen',
    label: 'Last seen',
    width: 168,
    sort: 'lastSeen',
    render: (row) => <When at={row.lastSeen} />,
  },
  {
    id: 'firstSeen',
    label: 'First seen',
    width: 168,
    sort: 'firstSeen',
    extra: true,
    render: (row) => <When at={row.firstSeen} />,
  },
  {
    id: 'clientIp',
    label: 'Client address',
    width: 136,
    extra: true,
    render: (row) => <span className="mono">{row.client.ip ?? row.client.mac}</span>,
  },
  {
    id: 'serverIp',
    label: 'Server address',
    width: 136,
    extra: true,
    render: (row) => <span className="mono">{row.server.ip ?? row.server.mac}</span>,
  },
];

export function ConversationsPage() {
  const { values, change } = useAddress();
  const { row: _row, ...asked } = values;
  return (
    <div className="page-fill">
      <h1>Conversations</h1>
      <ListView
        list="conversations"
        noun={['conversation', 'conversations']}
        search="Search device, address, application"
        query={queries.conversations({ ...newestFirst, ...asked })}
        defaultSort={newestFirst.sort}
        defaultOrder={newestFirst.order}
        columns={columns}
        rowId={(row) => row.id}
        rowLabel={(row) => `${sideName(row.client)} to ${sideName(row.server)}`}
        filters={filters}
        above={<QuickFilters />}
        onOpen={(row) => change({ row: row.id })}
        exportHref={apiAddress('/conversations.csv', { ...newestFirst, ...asked })}
        empty={
          <Empty title="No conversation yet">
            Conversations appear as soon as a capture or a sensor shows them.
          </Empty>
        }
        panel={(row) => <ConversationPanel row={row} onClose={() => change({ row: undefined })} />}
      />
    </div>
  );
}
