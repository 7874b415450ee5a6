import type { Knowledge } from '@wardline/knowledge';
import type { Criticality } from '@wardline/model';
import type { PolicyAsset, Recorded } from '@wardline/policy';
import { sql } from 'kysely';
import { SIMULATED_CONVERSATIONS } from '../../limits.ts';
import type { Executor } from '../../store/database.ts';

/** A span of time, microseconds since the epoch; null is open. */
export interface Span {
  from: number | null;
  to: number | null;
}

interface AssetRow {
  id: string;
  name: string;
  ips: string[];
  class: string;
  vendor: string;
  model: string;
  criticality: Criticality;
  data_sensitivity: string;
  location: string;
  department: string;
  owner: string;
  hostnames: string[];
  vlans: number[];
  assurance: string;
  posture: string[];
}

const known = (value: string): readonly string[] => (value === '' ? [] : [value]);

/** Assets as selectors ask for them, with what people approved of them. */
export async function readPolicyAssets(
  database: Executor,
  { taxonomy }: Knowledge,
): Promise<{ assets: PolicyAsset[]; criticality: ReadonlyMap<string, Criticality> }> {
  const { rows } = await sql<AssetRow>`
    select id, name, ips, class, vendor, model, criticality, data_sensitivity, location, department, owner, hostnames, vlans, assurance, posture
    from asset where not gone order by id`.execute(database);
  const assets = rows.map((row) => ({
    id: row.id,
    name: row.name,
    ips: row.ips,
    attributes: {
      class: known(row.class),
      group: known(taxonomy.classes.get(row.class)?.group ?? ''),
      vendor: known(row.vendor),
      model: known(row.model),
      criticality: [row.criticality],
      dataSensitivity: [row.data_sensitivity],
      location: known(row.location),
      department: known(row.department),
      owner: known(row.owner),
      hostname: row.hostnames,
      vlan: row.vlans.map(String),
      assurance: known(row.assurance),
      posture: row.posture,
    },
  }));
  return { assets, criticality: new Map(rows.map(({ id, criticality }) => [id, criticality])) };
}

const DAY_MICROS = 86_400_000_000;

interface ConversationRow {
  client_asset: string | null;
  client_name: string;
  client_ip: string | null;
  client_criticality: Criticality;
  server_asset: string | null;
  server_name: string;
  server_ip: string | null;
  server_criticality: Criticality;
  transport: string;
  server_port: number;
  application: string;
  answered: boolean;
  packets: number;
  first_seen: number;
  last_seen: number;
  days: number;
  evidence: string;
}

/** Conversations of a span, added up over its time slices; those of most packets first, up to the bound. */
export async function readRecorded(database: Executor, { from, to }: Span): Promise<Recorded[]> {
  const { rows } = await sql<ConversationRow>`
    with heard as (
      select conversation_id, count(distinct slice / ${DAY_MICROS}::bigint)::int as days, min(first_seen) as first_seen,
        max(last_seen) as last_seen, sum(packets_from_client + packets_from_server)::bigint as packets,
        sum(packets_from_server)::bigint as back, sum(established)::bigint as established
      from conversation_slice
      where last_seen >= coalesce(${from}::bigint, 0) and first_seen <= coalesce(${to}::bigint, 9223372036854775807)
      group by conversation_id order by packets desc limit ${SIMULATED_CONVERSATIONS}
    )
    select x.asset_id as client_asset, coalesce(a.name, x.ip, x.mac, 'unknown') as client_name, x.ip as client_ip,
      coalesce(a.criticality, 'unknown') as client_criticality,
      y.asset_id as server_asset, coalesce(b.name, y.ip, y.mac, 'unknown') as server_name, y.ip as server_ip,
      coalesce(b.criticality, 'unknown') as server_criticality,
      c.transport, c.server_port, c.application, h.packets, h.first_seen, h.last_seen, h.days,
      case when c.transport = 'tcp' then h.established > 0 or h.back > 1 else h.back > 0 end as answered,
      c.capture || ' packet ' || c.packet as evidence
    from heard h join conversation c on c.id = h.conversation_id
      join endpoint x on x.id = c.client_id join endpoint y on y.id = c.server_id
      left join asset a on a.id = x.asset_id left join asset b on b.id = y.asset_id`.execute(database);
  return rows.map(recorded);
}

const recorded = (row: ConversationRow): Recorded => ({
  client: {
    asset: row.client_asset,
    name: row.client_name,
    ip: row.client_ip,
    criticality: row.client_criticality,
  },
  server: {
    asset: row.server_asset,
    name: row.server_name,
    ip: row.server_ip,
    criticality: row.server_criticality,
  },
  transport: row.transport,
  serverPort: row.server_port < 0 ? null : row.server_port,
  application: row.application === '' ? null : row.application,
  answered: row.answered,
  packets: row.packets,
  firstSeen: row.first_seen,
  lastSeen: row.last_seen,
  days: row.days,
  evidence: row.evidence,
});

/** Days from the first packet to the last, each begun one counted. */
export function daysOf(conversations: readonly Recorded[]): number {
  if (conversations.length === 0) return 0;
  const { first, last } = rangeOf(conversations)!;
  return Math.floor(last / DAY_MICROS) - Math.floor(first / DAY_MICROS) + 1;
}

export function rangeOf(conversations: readonly Recorded[]): { first: number; last: number } | null {
  if (conversations.length === 0) return null;
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  for (const { firstSeen, lastSeen } of conversations) {
    first = Math.min(first, firstSeen);
    last = Math.max(last, lastSeen);
  }
  return { first, last };
}
