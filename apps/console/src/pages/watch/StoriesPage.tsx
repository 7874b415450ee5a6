import { queries } from '../../api/queries.ts';
import type { StoryRow } from '../../api/watch.ts';
import { count } from '../../format/number.ts';
import { harmWords, severityWords } from '../../format/words.ts';
import { HarmMarks, SeverityMark } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { listOf, toggled, useAddress } from '../../shell/address.ts';
import { Empty } from '../../shell/states.tsx';
import type { Column } from '../../table/columns.ts';
import type { FilterName } from '../../table/Filters.tsx';
import { ListView } from '../../table/ListView.tsx';
import { PartyLink } from './Party.tsx';
import { detectionWord, storyStateWords, storyVerdictWords } from './words.ts';
import './watch.css';

const filters: FilterName[] = [
  {
    name: 'state',
    label: 'State',
    word: (value) => storyStateWords[value as keyof typeof storyStateWords] ?? value,
  },
  {
    name: 'severity',
    label: 'Severity',
    word: (value) => severityWords[value as keyof typeof severityWords] ?? value,
  },
  { name: 'harm', label: 'May harm', word: (value) => harmWords[value as keyof typeof harmWords] ?? value },
  { name: 'detection', label: 'Kind', word: detectionWord },
  { name: 'verdict', label: 'Verdict' },
  { name: 'overdue', label: 'Nobody looked in time' },
  { name: 'site', label: 'Site' },
  { name: 'asset', label: 'Asset' },
];

const urgentFirst = { sort: 'urgency', order: 'asc' };

const columns: Column<StoryRow>[] = [
  {
    id: 'title',
    label: 'Story',
    width: 264,
    sort: 'title',
    render: (row) => <AppLink href={`/stories/${row.id}`}>{row.title}</AppLink>,
  },
  {
    id: 'severity',
    label: 'Severity',
    width: 112,
    sort: 'severity',
    render: (row) => <SeverityMark value={row.severity} harms={row.harms} />,
  },
  { id: 'harms', label: 'May harm', width: 272, render: (row) => <HarmMarks harms={row.harms} /> },
  {
    id: 'actor',
    label: 'Who',
    width: 168,
    render: (row) =>
      row.actor === null ? <span className="dim">not known</span> : <PartyLink party={row.actor} />,
  },
  { id: 'state', label: 'State', width: 152, render: (row) => <StateCell row={row} /> },
  { id: 'alerts', label: 'Alerts', width: 72, numeric: true, render: (row) => count(row.alerts) },
  {
    id: 'lastSeen',
    label: 'Last seen',
    width: 168,
    sort: 'lastSeen',
    render: (row) => <When at={row.lastSeen} />,
  },
  { id: 'summary', label: 'What was seen', width: 480, extra: true, render: (row) => row.summary },
  { id: 'site', label: 'Site', width: 152, extra: true, render: (row) => row.site.name },
  {
    id: 'told',
    label: 'Told',
    width: 168,
    extra: true,
    sort: 'told',
    render: (row) => <When at={row.told} />,
  },
];

function StateCell({ row }: { row: StoryRow }) {
  const isLate = row.lookedAt === null && row.due !== null && new Date(row.due).getTime() < Date.now();
  return (
    <span>
      {row.verdict === null ? storyStateWords[row.state] : storyVerdictWords[row.verdict]}
      {row.state === 'taken' && row.takenBy !== null && <span className="dim"> by {row.takenBy}</span>}
      {row.incident !== null && <span className="dim"> · incident {row.incident}</span>}
      {isLate && <span className="watch-late"> · nobody has looked</span>}
    </span>
  );
}

/** What is wrong in the traffic, as stories: those that nobody has closed first, and of them the gravest for patients. */
export function StoriesPage() {
  const { values, go } = useAddress();
  const { row: _row, ...asked } = values;
  return (
    <div className="page-fill">
      <div className="spread">
        <h1>Stories</h1>
        <span className="row">
          <AppLink href="/alerts">Alerts one by one</AppLink>
          <AppLink href="/watch">What the watch has learnt</AppLink>
        </span>
      </div>
      <ListView
        list="stories"
        noun={['story', 'stories']}
        search="Search story, device, address"
        query={queries.stories({ ...urgentFirst, ...asked })}
        columns={columns}
        rowId={(row) => row.id}
        rowLabel={(row) => row.title}
        filters={filters}
        above={<StateFilters />}
        defaultSort="urgency"
        defaultOrder="asc"
        onOpen={(row) => go(`/stories/${row.id}`)}
        empty={
          <Empty title="No story">
            Nothing that was watched looked wrong. Look at what the watch has learnt, and at what it could not
            watch, before you take that for health.
          </Empty>
        }
      />
    </div>
  );
}

function StateFilters() {
  const { values, change } = useAddress();
  const chosen = listOf(values.state);
  return (
    <fieldset className="row facet" aria-label="State" style={{ margin: 0 }}>
      {(['open', 'taken', 'acknowledged', 'resolved'] as const).map((state) => (
        <button
          key={state}
          type="button"
          className="chip"
          aria-pressed={chosen.includes(state)}
          onClick={() => change({ state: toggled(values.state, state), row: undefined })}
        >
          {storyStateWords[state]}
        </button>
      ))}
      <button
        type="button"
        className="chip"
        aria-pressed={values.overdue === 'yes'}
        onClick={() => change({ overdue: values.overdue === 'yes' ? undefined : 'yes', row: undefined })}
      >
        Nobody looked in time
      </button>
    </fieldset>
  );
}
