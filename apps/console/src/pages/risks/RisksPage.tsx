import { Button } from '@mantine/core';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import type { RiskRow } from '../../api/risks.ts';
import { count } from '../../format/number.ts';
import { Unknown } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useAddress } from '../../shell/address.ts';
import { useMay } from '../../shell/permissions.ts';
import { Empty } from '../../shell/states.tsx';
import type { Column } from '../../table/columns.ts';
import type { FilterName } from '../../table/Filters.tsx';
import { ListView } from '../../table/ListView.tsx';
import { AssignDialog, JoinDialog } from './BulkDialogs.tsx';
import { LevelMark } from './LevelMark.tsx';
import { RiskPanel } from './RiskPanel.tsx';
import { nameOf, stateWords, viewWords } from './words.ts';
import './risks.css';

const filters: FilterName[] = [
  { name: 'state', label: 'State', word: (value) => stateWords[value as RiskRow['state']] ?? value },
  { name: 'patient', label: 'Patients at least' },
  { name: 'overdue', label: 'Overdue' },
  { name: 'asset', label: 'Asset' },
];

const columns: Column<RiskRow>[] = [
  {
    id: 'title',
    label: 'Risk',
    width: 232,
    sort: 'title',
    render: (row) => <strong>{nameOf(row)}</strong>,
  },
  { id: 'product', label: 'On', width: 176, sort: 'product', render: (row) => row.product },
  {
    id: 'patient',
    label: 'Patients',
    width: 192,
    sort: 'priority',
    render: (row) => <LevelMark value={row.patient} patient />,
  },
  {
    id: 'privacy',
    label: 'Privacy',
    width: 184,
    sort: 'privacy',
    render: (row) => <LevelMark value={row.privacy} />,
  },
  {
    id: 'operations',
    label: 'Operations',
    width: 184,
    sort: 'operations',
    render: (row) => <LevelMark value={row.operations} />,
  },
  { id: 'state', label: 'State', width: 128, sort: 'state', render: (row) => <StateWord row={row} /> },
  {
    id: 'owner',
    label: 'Owner',
    width: 128,
    render: (row) => row.ownerName ?? <span className="dim">nobody</span>,
  },
  {
    id: 'deadline',
    label: 'Due',
    width: 112,
    sort: 'deadline',
    render: (row) => (row.deadline === null ? '' : row.deadline.slice(0, 10)),
  },
  {
    id: 'assets',
    label: 'Assets',
    width: 72,
    sort: 'assets',
    numeric: true,
    render: (row) => count(row.assets),
  },
  {
    id: 'control',
    label: 'FDA postmarket',
    width: 128,
    extra: true,
    render: (row) => (row.control === 'unknown' ? <Unknown /> : row.control),
  },
  {
    id: 'opened',
    label: 'Found',
    width: 168,
    sort: 'opened',
    extra: true,
    render: (row) => <When at={row.opened} />,
  },
];

function StateWord({ row }: { row: RiskRow }) {
  return row.overdue ? <strong>Overdue</strong> : <span>{stateWords[row.state]}</span>;
}

/** One queue for everybody: what can harm patients most stands first. */
export function RisksPage() {
  const { values, change } = useAddress();
  const may = useMay();
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const { row: _row, ...asked } = values;
  const toggle = (id: string) =>
    setPicked(new Set([...picked].includes(id) ? [...picked].filter((one) => one !== id) : [...picked, id]));
  return (
    <div className="page-fill">
      <div className="spread">
        <h1>Risk register</h1>
        <div className="row">
          <AppLink href="/risks/board">Board</AppLink>
          {may('risk.indicators') && <AppLink href="/risks/indicators">Indicators</AppLink>}
        </div>
      </div>
      <ListView
        list="risks"
        noun={['risk', 'risks']}
        search="Search weakness, title, product"
        query={queries.risks({ sort: 'priority', order: 'desc', ...asked })}
        columns={columns}
        rowId={(row) => row.id}
        rowLabel={(row) => `${nameOf(row)} on ${row.product}`}
        filters={filters}
        above={
          <>
            <Views />
            {picked.size > 0 && <Bulk picked={[...picked]} onDone={() => setPicked(new Set())} />}
          </>
        }
        defaultSort="priority"
        defaultOrder="desc"
        picking={may('risk.assign') ? { picked, toggle } : undefined}
        onOpen={(row) => change({ row: row.id })}
        empty={
          <Empty title="No risk here">
            Risks come from what <AppLink href="/findings">findings</AppLink> and{' '}
            <AppLink href="/vulnerabilities">vulnerabilities</AppLink> say of your assets. Take off filters to
            see all.
          </Empty>
        }
        panel={(row) => (
          <RiskPanel
            id={row.id}
            title={`${nameOf(row)} on ${row.product}`}
            onClose={() => change({ row: undefined })}
          />
        )}
      />
    </div>
  );
}

/** The queue as each role looks at it. */
function Views() {
  const { values, change } = useAddress();
  return (
    <fieldset className="row facet" aria-label="View">
      {Object.entries(viewWords).map(([view, word]) => (
        <button
          key={view}
          type="button"
          className="chip"
          aria-pressed={values.view === view}
          onClick={() => change({ view: values.view === view ? undefined : view, row: undefined })}
        >
          {word}
        </button>
      ))}
    </fieldset>
  );
}

function Bulk({ picked, onDone }: { picked: string[]; onDone: () => void }) {
  const [open, setOpen] = useState<'assign' | 'join' | null>(null);
  return (
    <div className="row">
      <span role="status">{count(picked.length)} chosen</span>
      <Button size="xs" onClick={() => setOpen('assign')}>
        Assign
      </Button>
      {picked.length > 1 && (
        <Button size="xs" variant="default" onClick={() => setOpen('join')}>
          Join
        </Button>
      )}
      <Button size="xs" variant="default" onClick={onDone}>
        Choose none
      </Button>
      {open === 'assign' && <AssignDialog risks={picked} onClose={() => setOpen(null)} onDone={onDone} />}
      {open === 'join' && <JoinDialog risks={picked} onClose={() => setOpen(null)} onDone={onDone} />}
    </div>
  );
}
