import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type RefusedBatches, refusedBatchReasons, type Site } from '@wardline/model';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import { counted } from '../../format/number.ts';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { Failure, Loading } from '../../shell/states.tsx';
import { SiteDialog } from './SiteDialog.tsx';

/** Places with a network of their own, what was seen there and by whom. */
export function SitesPage() {
  const list = useQuery(queries.sites());
  const may = useMay();
  const [naming, setNaming] = useState<Site | 'new' | null>(null);
  if (list.error) return <Failure error={list.error} retry={() => void list.refetch()} what="The sites" />;
  if (!list.data) return <Loading label="sites" rows={3} />;
  return (
    <div className="stack">
      <h1>Sites</h1>
      <section className="card stack" aria-label="Sites">
        <p className="dim">
          A site has a network of its own: the same address at two sites is two devices. A sensor hands in
          what it sees at the site that its token names. A site is never removed.
        </p>
        <SiteTable sites={list.data.items} onName={may('site.change') ? setNaming : null} />
        {may('site.add') && (
          <div>
            <Button variant="default" onClick={() => setNaming('new')}>
              Add a site…
            </Button>
          </div>
        )}
      </section>
      {list.data.refused.length > 0 && <Refused refused={list.data.refused} />}
      {naming !== null && (
        <SiteDialog site={naming === 'new' ? null : naming} onClose={() => setNaming(null)} />
      )}
    </div>
  );
}

function SiteTable({ sites, onName }: { sites: Site[]; onName: ((site: Site) => void) | null }) {
  return (
    <table className="people-table">
      <thead>
        <tr>
          <th scope="col">Site</th>
          <th scope="col">Assets</th>
          <th scope="col">Sensors</th>
          <th scope="col">Last handed in</th>
          <th scope="col">Time zone</th>
          <th scope="col">
            <span className="unseen">Acts</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {sites.map((site) => (
          <tr key={site.id}>
            <td>
              <strong>{site.name}</strong>
              <div className="small dim">
                number {site.id}
                {site.region && `, ${site.region}`}
              </div>
            </td>
            <td>
              <AppLink href={`/assets?site=${site.id}`}>{counted(site.assets, 'asset', 'assets')}</AppLink>
            </td>
            <td>{site.sensors.join(', ') || <span className="dim">none of its own</span>}</td>
            <td>{site.lastBatch ? <When at={site.lastBatch} /> : <span className="dim">never</span>}</td>
            <td>{site.timeZone}</td>
            <td>
              {onName && (
                <Button variant="subtle" size="compact-sm" onClick={() => onName(site)}>
                  Change…
                </Button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Refused({ refused }: { refused: RefusedBatches[] }) {
  return (
    <section className="card stack" aria-label="Refused from the broker">
      <h2>Refused from the broker</h2>
      <p className="dim">
        Batches that came by the message broker and were not taken. Site and sensor are those that the message
        names, which a stranger may have made up. What was refused because its sensor was not known yet is
        taken once it is, for as long as the broker keeps it.
      </p>
      <table className="people-table">
        <thead>
          <tr>
            <th scope="col">Site</th>
            <th scope="col">Sensor</th>
            <th scope="col">Batches</th>
            <th scope="col">Last</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {refused.map(({ site, sensor, reason, count, last }) => (
            <tr key={`${site} ${sensor} ${reason}`}>
              <td>{site || <span className="dim">none</span>}</td>
              <td>{sensor || <span className="dim">others</span>}</td>
              <td>{count}</td>
              <td>
                <When at={last} />
              </td>
              <td>{refusedBatchReasons[reason]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
