import { identityKinds, type ObservedEndpoint } from '@wardline/identify';
import type { Asset, Attribute, Conversation, IdentityDecision, Sighting } from '@wardline/model';
import { sql } from 'kysely';
import { CONVERSATIONS_PER_ASSET, SIGHTINGS_PER_ASSET } from '../limits.ts';
import type { Executor } from '../store/database.ts';

export interface StoredEndpoint extends ObservedEndpoint {
  id: number;
  key: string;
  revision: number;
  waiting: boolean;
  assetId: string | null;
}

export async function loadEndpoints(database: Executor, site: number): Promise<StoredEndpoint[]> {
  const { rows } = await sql<StoredEndpoint>`
    select id, key, mac, ip, vlan, silent, first_seen as "firstSeen", last_seen as "lastSeen", revision,
      revision <> seen_revision as waiting, asset_id as "assetId" from endpoint where site = ${site} order by id`.execute(
    database,
  );
  return rows;
}

const side = (alias: string) =>
  `jsonb_build_object('mac', ${alias}.mac, 'ip', ${alias}.ip, 'vlan', ${alias}.vlan)`;
const sightingColumns = sql.raw(`
  s.kind, ${side('e')} as subject,
  case when s.port is null then null else jsonb_build_object('transport', s.transport, 'port', s.port) end as service,
  case when p.id is null then null else ${side('p')} end as peer, s.facts, s.marks,
  s.first_seen as "firstSeen", s.last_seen as "lastSeen", s.count,
  jsonb_build_object('capture', s.capture, 'packet', s.packet) as evidence`);

export async function loadIdentitySightings(database: Executor, site: number): Promise<Sighting[]> {
  const { rows } = await sql<Sighting>`
    select ${sightingColumns} from sighting s join endpoint e on e.id = s.endpoint_id
    left join endpoint p on p.id = s.peer_id
    where s.site = ${site} and s.kind = any(${[...identityKinds]}::text[]) order by s.id`.execute(database);
  return rows;
}

/** The endpoints of the assets whose facts are asked for: place by place an endpoint's id and its asset's number. */
export interface Owned {
  endpoints: readonly number[];
  owners: readonly number[];
}

const owned = ({ endpoints, owners }: Owned) =>
  sql`unnest(${endpoints}::bigint[], ${owners}::int[]) as m (id, owner)`;
const each = ({ owners }: Owned) => sql`unnest(${[...new Set(owners)]}::int[]) as o (owner)`;

/** The bound holds for each asset: a host that makes up names crowds out nobody's but its own. */
export async function loadSightings(database: Executor, wanted: Owned): Promise<Sighting[]> {
  const { rows } = await sql<Sighting>`
    select ${sightingColumns} from ${each(wanted)} cross join lateral (
      select x.* from ${owned(wanted)} join sighting x on x.endpoint_id = m.id
      where m.owner = o.owner order by x.id limit ${SIGHTINGS_PER_ASSET}) s
    join endpoint e on e.id = s.endpoint_id left join endpoint p on p.id = s.peer_id order by s.id`.execute(
    database,
  );
  return rows;
}

const conversationColumns = sql.raw(`
  ${side('a')} as client, ${side('b')} as server, nullif(c.server_port, -1) as "serverPort", c.transport,
  nullif(c.application, '') as application, c.protection, c.basis, c.first_seen as slice,
  c.first_seen as "firstSeen", c.last_seen as "lastSeen",
  c.packets_from_client as "packetsFromClient", c.packets_from_server as "packetsFromServer",
  c.bytes_from_client as "bytesFromClient", c.bytes_from_server as "bytesFromServer",
  jsonb_build_object('opened', c.opened, 'established', c.established, 'refused', c.refused,
    'unanswered', c.unanswered, 'closed', c.closed, 'reset', c.reset) as connections,
  c.facts, jsonb_build_object('capture', c.capture, 'packet', c.packet) as evidence`);

/** The totals of the conversations in which one of the endpoints is either side, so many of each asset. */
export async function loadConversations(database: Executor, wanted: Owned): Promise<Conversation[]> {
  const { rows } = await sql<Conversation>`
    select ${conversationColumns} from (
      select distinct found.id from ${each(wanted)} cross join lateral (
        select id from (
          select x.id from ${owned(wanted)} join conversation x on x.client_id = m.id where m.owner = o.owner
          union select x.id from ${owned(wanted)} join conversation x on x.server_id = m.id where m.owner = o.owner
        ) either order by id limit ${CONVERSATIONS_PER_ASSET}) found
    ) f join conversation c on c.id = f.id
    join endpoint a on a.id = c.client_id join endpoint b on b.id = c.server_id order by c.id`.execute(
    database,
  );
  return rows;
}

/** Persons' decisions that still count, in the order in which they were made. */
export async function loadDecisions(database: Executor, site: number): Promise<IdentityDecision[]> {
  const { rows } = await sql<IdentityDecision>`
    select id, kind, left_keys as left, right_keys as right, reason from identity_decision
    where site = ${site} and undone_at is null order by at, id`.execute(database);
  return rows;
}

/** Every living asset of a site without its claims but one: enough to be a peer, a neighbour or a line of the register. */
export async function loadSlimAssets(database: Executor, site: number): Promise<Asset[]> {
  const { rows } = await sql<{ slim: Asset }>`select slim from asset
    where site = ${site} and not gone order by id`.execute(database);
  return rows.map((row) => row.slim);
}

/** Sites from which anything was handed in, in their order. */
export async function loadSites(database: Executor): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from site where exists (select from endpoint e where e.site = site.id) order by id`.execute(
    database,
  );
  return rows.map((row) => row.id);
}

/** What assets of other sites are called, living or not. */
export async function loadForeignIds(database: Executor, site: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from asset where site <> ${site}`.execute(database);
  return rows.map((row) => row.id);
}

/** What persons approved of each asset, by attribute. */
export async function loadApprovals(database: Executor): Promise<Map<string, Map<Attribute, string>>> {
  const { rows } = await sql<{ asset_id: string; attribute: Attribute; value: string }>`
    select asset_id, attribute, value from approval where withdrawn_at is null`.execute(database);
  const approvals = new Map<string, Map<Attribute, string>>();
  for (const row of rows) {
    const known = approvals.get(row.asset_id) ?? new Map<Attribute, string>();
    approvals.set(row.asset_id, known.set(row.attribute, row.value));
  }
  return approvals;
}
