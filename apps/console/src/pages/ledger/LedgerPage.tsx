import { queries } from '../../api/queries.ts';
import type { LedgerEntry } from '../../api/types.ts';
import { count } from '../../format/number.ts';
import { plain } from '../../format/words.ts';
import { When } from '../../marks/When.tsx';
import { SidePanel } from '../../panel/SidePanel.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useAddress } from '../../shell/address.ts';
import { Empty } from '../../shell/states.tsx';
import type { Column } from '../../table/columns.ts';
import { ListView } from '../../table/ListView.tsx';
import { HeadCard } from './HeadCard.tsx';
import { LedgerSearch } from './LedgerSearch.tsx';
import { localOf } from './moment.ts';
import { ProofCard } from './ProofCard.tsx';

const columns: Column<LedgerEntry>[] = [
  { id: 'sequence', label: 'No.', width: 72, numeric: true, render: (row) => count(row.sequence) },
  { id: 'at', label: 'When', width: 216, render: (row) => <When at={row.at} /> },
  {
    id: 'actor',
    label: 'Who',
    width: 160,
    render: (row) => (
      <AppLink href={`/ledger?actor=${encodeURIComponent(row.actor)}`}>{row.actorName}</AppLink>
    ),
  },
  {
    id: 'action',
    label: 'Act',
    width: 184,
    render: (row) => <AppLink href={`/ledger?action=${row.action}`}>{plain(row.action)}</AppLink>,
  },
  {
    id: 'subject',
    label: 'On',
    width: 240,
    render: (row) => (
      <AppLink className="mono" href={`/ledger?subject=${encodeURIComponent(row.subject)}`}>
        {row.subject}
      </AppLink>
    ),
  },
  {
    id: 'reason',
    label: 'Reason',
    width: 280,
    render: (row) => <Reason entry={row} />,
  },
];

const filters = [
  { name: 'actor', label: 'Who' },
  { name: 'subject', label: 'On' },
  { name: 'action', label: 'Act', word: plain },
  { name: 'from', label: 'From', word: shortTime },
  { name: 'to', label: 'Before', word: shortTime },
];

function shortTime(instant: string): string {
  return localOf(instant).replace('T', ' ');
}

/** Every act that changed state, newest first. */
export function LedgerPage() {
  const { values, change } = useAddress();
  const { row: _row, ...asked } = values;
  return (
    <div className="page-fill">
      <h1>Ledger</h1>
      <p className="dim">
        Each act that changed state, with who did it and why. Each is a leaf of a signed tree, so that none
        can be changed, left out or put in without being found.
      </p>
      <HeadCard />
      <ListView
        list="ledger"
        noun={['act', 'acts']}
        query={queries.ledger({ order: 'desc', ...asked })}
        columns={columns}
        rowId={(row) => String(row.sequence)}
        rowLabel={(row) => `act ${row.sequence}`}
        filters={filters}
        above={<LedgerSearch />}
        onOpen={(row) => change({ row: String(row.sequence) })}
        empty={
          <Empty title="No act yet">Imports, approvals, merges and decisions will be listed here.</Empty>
        }
        panel={(row) => <ActPanel entry={row} onClose={() => change({ row: undefined })} />}
      />
    </div>
  );
}

function ActPanel({ entry, onClose }: { entry: LedgerEntry; onClose: () => void }) {
  return (
    <SidePanel
      subject={String(entry.sequence)}
      title={`${plain(entry.action)} (no. ${count(entry.sequence)})`}
      onClose={onClose}
    >
      <dl className="pairs">
        <dt>When</dt>
        <dd>
          <When at={entry.at} />
        </dd>
        <dt>Who</dt>
        <dd>
          {entry.actorName}
          {entry.actorName !== entry.actor && <div className="mono dim">{entry.actor}</div>}
        </dd>
        <dt>On</dt>
        <dd className="mono">{entry.subject}</dd>
        <dt>Reason</dt>
        <dd>
          <Reason entry={entry} />
        </dd>
      </dl>
      <ProofCard sequence={entry.sequence} />
      <section>
        <h3>What changed</h3>
        <dl className="pairs">
          {Object.entries(entry.changes).map(([name, value]) => (
            <Change key={name} name={name} value={value} />
          ))}
        </dl>
      </section>
    </SidePanel>
  );
}

function Reason({ entry }: { entry: LedgerEntry }) {
  if (entry.erased.includes('reason')) return <span className="dim">erased; the act stays</span>;
  return entry.reason ?? <span className="dim">none asked for</span>;
}

function Change({ name, value }: { name: string; value: unknown }) {
  return (
    <>
      <dt>{plain(name)}</dt>
      <dd className="mono">{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
    </>
  );
}
