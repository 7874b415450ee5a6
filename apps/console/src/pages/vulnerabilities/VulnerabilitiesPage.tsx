import { Button } from '@mantine/core';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import type { VulnerabilityRow } from '../../api/types.ts';
import { count } from '../../format/number.ts';
import { SidePanel } from '../../panel/SidePanel.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useAddress } from '../../shell/address.ts';
import { useMay } from '../../shell/permissions.ts';
import { Empty } from '../../shell/states.tsx';
import type { Column } from '../../table/columns.ts';
import type { FilterName } from '../../table/Filters.tsx';
import { ListView } from '../../table/ListView.tsx';
import { AddAdvisoryDialog } from './AddAdvisoryDialog.tsx';
import { Exploitation, share } from './Exploitation.tsx';
import { MatchTable } from './MatchTable.tsx';

const filters: FilterName[] = [
  { name: 'verdict', label: 'Has assets that are' },
  { name: 'exploited', label: 'Known to be exploited' },
];

const columns: Column<VulnerabilityRow>[] = [
  { id: 'id', label: 'Weakness', width: 168, sort: 'id', render: (row) => <strong>{row.id}</strong> },
  { id: 'title', label: 'What it is', width: 360, render: (row) => row.title || row.summary },
  {
    id: 'score',
    label: 'CVSS',
    width: 72,
    sort: 'score',
    numeric: true,
    render: (row) => (row.score === null ? <span className="dim">not told</span> : row.score.toFixed(1)),
  },
  {
    id: 'exploited',
    label: 'Exploited since',
    width: 136,
    render: (row) => row.exploitedSince?.slice(0, 10) ?? '',
  },
  {
    id: 'epss',
    label: 'EPSS',
    width: 88,
    sort: 'epss',
    numeric: true,
    render: (row) =>
      row.epss === null ? <span className="dim">not told</span> : share(row.epss.probability),
  },
  {
    id: 'affected',
    label: 'Affected',
    width: 88,
    sort: 'affected',
    numeric: true,
    render: (row) => count(row.affected),
  },
  {
    id: 'unknown',
    label: 'Unknown',
    width: 88,
    sort: 'unknown',
    numeric: true,
    render: (row) => count(row.unknown),
  },
];

const mostAssetsFirst = { sort: 'affected', order: 'desc' };

/** Weaknesses that advisories tell of, those of our assets first. */
export function VulnerabilitiesPage() {
  const { values, change } = useAddress();
  const may = useMay();
  const { row: _row, ...asked } = values;
  const [adding, setAdding] = useState(false);
  return (
    <div className="page-fill">
      <div className="spread">
        <h1>Vulnerabilities</h1>
        <div className="row">
          {may('feed.list') && <AppLink href="/vulnerabilities/feeds">Feeds and quarantine</AppLink>}
          {may('advisory.import') && (
            <Button variant="default" onClick={() => setAdding(true)}>
              Add an advisory
            </Button>
          )}
        </div>
      </div>
      {adding && <AddAdvisoryDialog onClose={() => setAdding(false)} />}
      <ListView
        list="vulnerabilities"
        noun={['vulnerability', 'vulnerabilities']}
        search="Search CVE, title"
        query={queries.vulnerabilities({ ...mostAssetsFirst, ...asked })}
        columns={columns}
        rowId={(row) => row.id}
        rowLabel={(row) => row.id}
        filters={filters}
        defaultSort="affected"
        defaultOrder="desc"
        onOpen={(row) => change({ row: row.id })}
        empty={
          <Empty title="No advisory yet">
            Add a <AppLink href="/vulnerabilities/feeds">feed</AppLink> or an advisory; what they say of your
            assets shows here.
          </Empty>
        }
        panel={(row) => <VulnerabilityPanel row={row} onClose={() => change({ row: undefined })} />}
      />
    </div>
  );
}

function VulnerabilityPanel({ row, onClose }: { row: VulnerabilityRow; onClose: () => void }) {
  return (
    <SidePanel subject={row.id} title={row.id} onClose={onClose}>
      <p>{row.summary || row.title || 'The documents that were read do not describe it.'}</p>
      <dl className="pairs">
        <dt>CVSS</dt>
        <dd className="mono">
          {row.scores.map((score) => `${score.base} (${score.vector})`).join(', ') || 'not told'}
        </dd>
        <Exploitation row={row} />
        <dt>Kind</dt>
        <dd className="mono">{row.weaknesses.join(', ') || 'not told'}</dd>
        <dt>Advisories</dt>
        <dd className="mono">{row.advisories.join(', ')}</dd>
      </dl>
      <section>
        <h3>Assets</h3>
        <MatchTable by={{ vulnerability: row.id }} none="No advisory names an asset of yours." />
      </section>
    </SidePanel>
  );
}
