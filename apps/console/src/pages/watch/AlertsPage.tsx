import { queries } from '../../api/queries.ts';
import type { AlertRow } from '../../api/watch.ts';
import { count, counted } from '../../format/number.ts';
import { severityWords } from '../../format/words.ts';
import { HarmMarks, SeverityMark } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { EvidenceList } from '../../panel/Evidence.tsx';
import { SidePanel } from '../../panel/SidePanel.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useAddress } from '../../shell/address.ts';
import { Empty } from '../../shell/states.tsx';
import type { Column } from '../../table/columns.ts';
import type { FilterName } from '../../table/Filters.tsx';
import { ListView } from '../../table/ListView.tsx';
import { PartyLine, PartyLink } from './Party.tsx';
import { confidenceWords, detectionWord } from './words.ts';

const filters: FilterName[] = [
  {
    name: 'severity',
    label: 'Severity',
    word: (value) => severityWords[value as keyof typeof severityWords] ?? value,
  },
  { name: 'detection', label: 'Kind', word: detectionWord },
  { name: 'story', label: 'Story' },
  { name: 'site', label: 'Site' },
  { name: 'asset', label: 'Asset' },
];

const worstFirst = { sort: 'severity', order: 'asc' };

const columns: Column<AlertRow>[] = [
  { id: 'title', label: 'Alert', width: 256, render: (row) => <strong>{row.title}</strong> },
  {
    id: 'severity',
    label: 'Severity',
    width: 112,
    sort: 'severity',
    render: (row) => <SeverityMark value={row.severity} harms={row.harms} />,
  },
  {
    id: 'actor',
    label: 'Who',
    width: 200,
    render: (row) =>
      row.actor === null ? <span className="dim">not known</span> : <PartyLink party={row.actor} />,
  },
  {
    id: 'target',
    label: 'To whom',
    width: 200,
    render: (row) => (row.targets[0] === undefined ? '' : <PartyLink party={row.targets[0]} />),
  },
  { id: 'count', label: 'Times', width: 72, sort: 'count', numeric: true, render: (row) => count(row.count) },
  {
    id: 'lastSeen',
    label: 'Last seen',
    width: 168,
    sort: 'lastSeen',
    render: (row) => <When at={row.lastSeen} />,
  },
  {
    id: 'story',
    label: 'Story',
    width: 96,
    render: (row) => <AppLink href={`/stories/${row.story}`}>Its story</AppLink>,
  },
  {
    id: 'number',
    label: 'Number',
    width: 88,
    extra: true,
    sort: 'number',
    numeric: true,
    render: (row) => count(row.number),
  },
  { id: 'summary', label: 'What was seen', width: 480, extra: true, render: (row) => row.summary },
];

/** What detections found, one by one: for whoever looks for a kind, an address or a number. */
export function AlertsPage() {
  const { values, change } = useAddress();
  const { row: _row, ...asked } = values;
  return (
    <div className="page-fill">
      <div className="spread">
        <h1>Alerts</h1>
        <AppLink href="/stories">As stories</AppLink>
      </div>
      <ListView
        list="alerts"
        noun={['alert', 'alerts']}
        search="Search alert, device, address"
        query={queries.alerts({ ...worstFirst, ...asked })}
        columns={columns}
        rowId={(row) => row.id}
        rowLabel={(row) => row.title}
        filters={filters}
        defaultSort="severity"
        defaultOrder="asc"
        onOpen={(row) => change({ row: row.id })}
        empty={<Empty title="No alert">Nothing that was watched looked wrong.</Empty>}
        panel={(row) => <AlertPanel alert={row} onClose={() => change({ row: undefined })} />}
      />
    </div>
  );
}

function AlertPanel({ alert, onClose }: { alert: AlertRow; onClose: () => void }) {
  return (
    <SidePanel subject={alert.id} title={alert.title} onClose={onClose}>
      <div className="stack-tight">
        <SeverityMark value={alert.severity} harms={alert.harms} />
        <HarmMarks harms={alert.harms} />
        <span className="dim">{confidenceWords[alert.confidence]}</span>
      </div>
      <section>
        <h3>What was seen</h3>
        <p>{alert.summary}</p>
      </section>
      <section>
        <h3>What it means</h3>
        <p>{alert.meaning}</p>
      </section>
      <section>
        <h3>What to do first</h3>
        <p>{alert.advice}</p>
      </section>
      <dl className="pairs">
        <dt>Who</dt>
        <dd>{alert.actor === null ? 'The wire does not tell' : <PartyLine party={alert.actor} />}</dd>
        <dt>To whom</dt>
        <dd>
          {alert.targets.map((party) => (
            <PartyLine key={party.key} party={party} />
          ))}
        </dd>
        <dt>Seen</dt>
        <dd>
          {counted(alert.count, 'time')}, <When at={alert.firstSeen} /> to <When at={alert.lastSeen} />
        </dd>
        <dt>Kind</dt>
        <dd className="mono">{alert.detection}</dd>
        <dt>Number</dt>
        <dd>{count(alert.number)}</dd>
      </dl>
      <section>
        <h3>Evidence</h3>
        <EvidenceList evidence={alert.evidence} />
      </section>
      <AppLink href={`/stories/${alert.story}`}>See its story</AppLink>
    </SidePanel>
  );
}
