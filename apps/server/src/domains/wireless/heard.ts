import { type Facts, formatMicros, type HeardNetwork } from '@wardline/model';
import { ApprovedAccessPoints } from '@wardline/watch';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { whereAll } from '../../http/list.ts';
import { assetsWithin, type Scope } from '../access/index.ts';
import { approvedAccessPoints } from './approved.ts';
import { HEARD_NETWORKS } from './limits.ts';

interface Stored {
  site: number;
  bssid: string;
  facts: Facts['wifi.network'];
  asset: string;
  assetName: string;
  clients: number;
  first: number;
  last: number;
}

/** Networks that were heard in the air, the latest first, each held against the list of its site. */
export async function heardNetworks(
  { database }: Context,
  scope: readonly Scope[] | null,
): Promise<{ items: HeardNetwork[]; more: boolean }> {
  const { rows } = await sql<Stored>`
    with joined as (
      select s.site, s.facts ->> 'bssid' as bssid, count(distinct s.endpoint_id)::int as n
      from sighting s where s.kind = 'wifi.client' group by 1, 2
    )
    select e.site, e.mac as bssid, s.facts, a.id as asset, a.name as "assetName", coalesce(j.n, 0) as clients,
      s.first_seen as first, s.last_seen as last
    from sighting s join endpoint e on e.id = s.endpoint_id join asset a on a.id = e.asset_id
      left join joined j on j.site = e.site and j.bssid = e.mac
    ${whereAll([sql`s.kind = 'wifi.network'`, sql`e.mac is not null`, sql`not a.gone`, ...assetsWithin(scope)])}
    order by s.last_seen desc, s.id limit ${HEARD_NETWORKS + 1}`.execute(database);
  const told = rows.slice(0, HEARD_NETWORKS);
  const lists = new Map<number, ApprovedAccessPoints | null>();
  for (const site of new Set(told.map((row) => row.site))) {
    const list = await approvedAccessPoints(database, site);
    lists.set(site, list === null ? null : new ApprovedAccessPoints(list));
  }
  return {
    items: told.map((row) => networkOf(row, lists.get(row.site) ?? null)),
    more: rows.length > HEARD_NETWORKS,
  };
}

function networkOf({ facts, first, last, ...row }: Stored, list: ApprovedAccessPoints | null): HeardNetwork {
  const { ssid = null, security, authentication, managementFrames, channel = null } = facts;
  return {
    ...row,
    ssid,
    security,
    authentication,
    managementFrames,
    channel,
    approved: list === null ? null : ssid === null ? list.knows(row.bssid) : list.approves(ssid, row.bssid),
    firstSeen: formatMicros(first),
    lastSeen: formatMicros(last),
  };
}
