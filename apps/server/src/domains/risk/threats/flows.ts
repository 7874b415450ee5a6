import type { RawBuilder } from 'kysely';
import { sql } from 'kysely';
import { whereAll } from '../../../http/list.ts';
import type { Executor } from '../../../store/database.ts';
import { FLOW_KINDS, FLOWS_PER_ASSET } from './limits.ts';

export interface AssetFlow {
  role: 'client' | 'server';
  peer: string;
  peerName: string;
  peerClass: string | null;
  service: string;
  application: string | null;
  protections: string[];
}

/** What passed between an asset and others, answered; the latest first, one more than are told. */
export async function readAssetFlows(database: Executor, id: string): Promise<AssetFlow[]> {
  const { rows } = await sql<AssetFlow>`
    with own as (select id from endpoint where asset_id = ${id}), talk as (
      select c.*, c.server_id as other, 'client' as role from conversation c where c.client_id in (select id from own)
      union all
      select c.*, c.client_id as other, 'server' as role from conversation c where c.server_id in (select id from own)
    )
    select t.role, p.id as peer, p.name as "peerName", nullif(p.class, '') as "peerClass",
      case when t.server_port < 0 then t.transport else t.transport || '/' || t.server_port end as service,
      nullif(max(t.application), '') as application, array_agg(distinct t.protection) as protections
    from talk t join endpoint e on e.id = t.other join asset p on p.id = e.asset_id
    where p.id <> ${id} and t.packets_from_server > 0 and (t.transport <> 'tcp' or t.established > 0)
      and t.transport not in ('icmp', 'icmpv6')
    group by t.role, p.id, t.transport, t.server_port order by max(t.last_seen) desc, p.id, service
    limit ${FLOWS_PER_ASSET + 1}`.execute(database);
  return rows;
}

export interface FlowKind {
  client: string | null;
  server: string | null;
  application: string | null;
  pairs: number;
  protections: string[];
}

/** Kinds of data flow by classes and protocol, the most common first; one more than are told. */
export async function readFlowKinds(
  database: Executor,
  conditions: readonly RawBuilder<unknown>[],
): Promise<FlowKind[]> {
  const { rows } = await sql<FlowKind>`
    select nullif(a.class, '') as client, nullif(b.class, '') as server, nullif(c.application, '') as application,
      count(distinct (a.id, b.id))::int as pairs, array_agg(distinct c.protection) as protections
    from conversation c join endpoint x on x.id = c.client_id join endpoint y on y.id = c.server_id
      join asset a on a.id = x.asset_id join asset b on b.id = y.asset_id
    ${whereAll([
      sql`a.id <> b.id and c.packets_from_server > 0 and (c.transport <> 'tcp' or c.established > 0)
        and c.transport not in ('icmp', 'icmpv6')`,
      ...conditions,
    ])}
    group by 1, 2, 3 order by pairs desc, 1, 2, 3 limit ${FLOW_KINDS + 1}`.execute(database);
  return rows;
}
