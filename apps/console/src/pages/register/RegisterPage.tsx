import { Button, Tabs } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { apiAddress } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import type { ReconciliationRow } from '../../api/types.ts';
import { count } from '../../format/number.ts';
import { joinedBy, plain, registerWords } from '../../format/words.ts';
import { RegisterMark } from '../../marks/marks.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useAddress } from '../../shell/address.ts';
import { Empty } from '../../shell/states.tsx';
import type { Column } from '../../table/columns.ts';
import { ListView } from '../../table/ListView.tsx';
import { ExportLink } from '../../table/Toolbar.tsx';
import { decisionWords, ReconciliationPanel } from './ReconciliationPanel.tsx';

const columns: Column<ReconciliationRow>[] = [
  {
    id: 'registered',
    label: 'Register says',
    width: 208,
    sort: 'registered',
    render: (row) => row.registered ?? <span className="dim">no entry</span>,
  },
  {
    id: 'asset',
    label: 'Network shows',
    width: 208,
    sort: 'assetName',
    render: (row) =>
      row.asset ? (
        <AppLink href={`/assets/${row.asset}`}>{row.assetName ?? row.asset}</AppLink>
      ) : (
        <span className="dim">not seen</span>
      ),
  },
  {
    id: 'state',
    label: 'State',
    width: 128,
    sort: 'state',
    render: (row) => <RegisterMark value={row.state} />,
  },
  {
    id: 'matchedBy',
    label: 'Joined by',
    width: 112,
    render: (row) => (row.matchedBy ? joinedBy(row.matchedBy) : <span className="dim">nothing</span>),
  },
  {
    id: 'differences',
    label: 'Differences',
    width: 160,
    render: (row) =>
      row.differences.map((difference) => plain(difference.field)).join(', ') || (
        <span className="dim">none</span>
      ),
  },
  {
    id: 'decision',
    label: 'Decision',
    width: 168,
    render: (row) => <DecisionWord row={row} />,
  },
];

/** A matched line needs nobody's word. */
function DecisionWord({ row }: { row: ReconciliationRow }) {
  if (row.decision) return decisionWords[row.decision.decision];
  const settled = row.state === 'matched' && row.differences.length === 0;
  return <span className="dim">{settled ? 'none needed' : 'waits for a person'}</span>;
}

const filters = [
  { name: 'decided', label: 'Decided', word: (value: string) => (value === 'no' ? 'Not yet' : 'Yes') },
];
const states = ['all', 'matched', 'shadow', 'missing', 'conflicting'] as const;

/** Register and network held against each other. */
export function RegisterPage() {
  const { values, change, go } = useAddress();
  const { row: _row, ...asked } = values;
  const query = queries.reconciliation(asked);
  const { data } = useInfiniteQuery(query);
  const counts = data?.pages[0]?.counts;
  const all = counts ? Object.values(counts).reduce((sum, number) => sum + number, 0) : undefined;
  return (
    <div className="page-fill">
      <div className="spread">
        <h1>Register</h1>
        <div className="row">
          <ExportLink href={apiAddress('/register.csv')}>Register as CSV</ExportLink>
          <Button onClick={() => go('/register/import')}>Import a register…</Button>
        </div>
      </div>
      <Tabs
        value={values.state ?? 'all'}
        onChange={(state) =>
          change({ state: state === 'all' ? undefined : (state ?? undefined), row: undefined })
        }
      >
        <Tabs.List aria-label="State">
          {states.map((state) => (
            <Tabs.Tab key={state} value={state}>
              {state === 'all' ? 'All' : registerWords[state]}{' '}
              <span className="dim">{count((state === 'all' ? all : counts?.[state]) ?? 0)}</span>
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {states.map((state) => (
          <Tabs.Panel key={state} value={state}>
            {null}
          </Tabs.Panel>
        ))}
      </Tabs>
      <ListView
        list="register"
        noun={['line', 'lines']}
        search="Search tag, serial, device"
        query={query}
        columns={columns}
        rowId={(row) => row.key}
        rowLabel={(row) => row.registered ?? row.assetName ?? row.key}
        filters={filters}
        tools={<Undecided />}
        onOpen={(row) => change({ row: row.key })}
        empty={<NoRegister state={values.state} />}
        panel={(row) => <ReconciliationPanel row={row} onClose={() => change({ row: undefined })} />}
      />
    </div>
  );
}

function Undecided() {
  const { values, change } = useAddress();
  const on = values.decided === 'no';
  return (
    <Button
      variant={on ? 'light' : 'default'}
      aria-pressed={on}
      onClick={() => change({ decided: on ? undefined : 'no' })}
    >
      Waiting for a decision
    </Button>
  );
}

function NoRegister({ state }: { state: string | undefined }) {
  if (state) return <Empty title={`Nothing is “${registerWords[state]?.toLowerCase()}”`} />;
  return (
    <Empty title="No register yet" action={<AppLink href="/register/import">Import a register</AppLink>}>
      Upload the hospital’s equipment register (CSV from the CMMS) to see which devices it knows, which it
      does not, and which were not seen.
    </Empty>
  );
}
