import type { Knowledge } from '@wardline/knowledge';
import { formatMicros, type mapResponse } from '@wardline/model';
import { type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import type { Executor } from '../../store/database.ts';
import { assetIdWithin, assetsWithin, type Scope } from '../access/index.ts';

type NetworkMap = z.infer<typeof mapResponse>;
type Grouping = NetworkMap['groupedBy'];
type Node = NetworkMap['nodes'][number];

interface Question {
  group: Grouping;
  limit: number;
  now: number;
  scope: readonly Scope[] | null;
}

const groupColumn: Record<Grouping, string> = {
  vlan: `coalesce((a.vlans)[1]::text, 'none')`,
  function: `coalesce(nullif(a.grp, ''), 'unknown')`,
  criticality: 'a.criticality',
};

/** Which assets a map shows: those of the scope, and those beyond it with which they talk. */
interface Shown {
  /** True for an asset `a` of the scope. */
  inside: RawBuilder<unknown>;
  shown: RawBuilder<unknown>;
}

function shownWithin(scope: readonly Scope[] | null): Shown {
  if (scope === null) return { inside: sql`true`, shown: sql`not a.gone` };
  const inside = assetsWithin(scope)[0]!;
  const own = assetIdWithin(scope, 'x.asset_id')[0]!;
  const peers = (near: string, far: string) => sql`select y.asset_id from conversation c
    join endpoint x on x.id = c.${sql.raw(near)} join endpoint y on y.id = c.${sql.raw(far)} where ${own}`;
  const talked = sql`${peers('client_id', 'server_id')} union ${peers('server_id', 'client_id')}`;
  return { inside, shown: sql`not a.gone and (${inside} or a.id in (${talked}))` };
}

/** Who talks to whom: single assets, or one node per group and class where there are more than `limit`. */
export async function networkMap(
  database: Executor,
  knowledge: Knowledge,
  question: Question,
): Promise<NetworkMap> {
  const { group, limit, now, scope } = question;
  const shown = shownWithin(scope);
  const total = await sql<{ n: number }>`select count(*) as n from asset a where ${shown.shown}`.execute(
    database,
  );
  const folded = (total.rows[0]?.n ?? 0) > limit;
  const grouping = groupColumn[group];
  const node = folded
    ? sql`${sql.raw(grouping)} || ':' || coalesce(nullif(a.class, ''), 'unknown') || case when ${shown.inside} then '' else ':outside' end`
    : sql`a.id`;
  const nodes = await loadNodes(database, grouping, node, { folded, ...shown });
  const edges = await loadEdges(database, node, shown);
  return {
    asOf: formatMicros(now),
    groupedBy: group,
    nodes: nodes.map((n) => ({ ...n, groupLabel: groupLabel(group, n.group, knowledge) })),
    edges,
    folded,
  };
}

async function loadNodes(
  database: Executor,
  grouping: string,
  node: RawBuilder<unknown>,
  { folded, inside, shown }: Shown & { folded: boolean },
): Promise<Omit<Node, 'groupLabel'>[]> {
  const { rows } = await sql<Omit<Node, 'groupLabel'>>`
    select ${node} as id, min(${sql.raw(folded ? `coalesce(nullif(a.class_label, ''), 'Unknown')` : 'a.name')}) as label,
      nullif(min(a.class), '') as class, nullif(min(a.class_label), '') as "classLabel", ${sql.raw(grouping)} as group,
      (array_agg(a.criticality order by a.criticality_rank))[1] as criticality, count(*) as assets,
      coalesce(sum((select sum(value::int) from jsonb_each_text(a.findings))) filter (where ${inside}), 0)::int as findings,
      not bool_or(${inside}) as outside
    from asset a where ${shown} group by 1, ${sql.raw(grouping)} order by 1`.execute(database);
  return rows;
}

async function loadEdges(
  database: Executor,
  node: RawBuilder<unknown>,
  { inside }: Shown,
): Promise<NetworkMap['edges']> {
  // Added up by node, application and protection first, so that few rows are left to gather names from.
  const { rows } = await sql<NetworkMap['edges'][number]>`
    with place as materialized (
      select e.id, a.id as asset, ${node} as node, ${inside} as inside
      from endpoint e join asset a on a.id = e.asset_id where not a.gone
    ), added as (
      select x.node as source, y.node as target, c.application, c.protection, count(*) as conversations,
        sum(c.bytes_from_client + c.bytes_from_server) as bytes
      from conversation c join place x on x.id = c.client_id join place y on y.id = c.server_id
      where x.asset <> y.asset and (x.inside or y.inside) group by 1, 2, 3, 4
    )
    select source, target,
      coalesce(array_agg(distinct application) filter (where application <> ''), '{}') as applications,
      array_agg(distinct protection) as protections, sum(conversations) as conversations, sum(bytes) as bytes
    from added group by 1, 2 order by bytes desc limit 20000`.execute(database);
  return rows;
}

function groupLabel(group: Grouping, value: string, knowledge: Knowledge): string {
  if (group === 'function') return knowledge.taxonomy.groups.get(value)?.label ?? 'Unknown';
  if (group === 'criticality') return value.charAt(0).toUpperCase() + value.slice(1);
  return value === 'none' || value === '0' ? 'Untagged' : `VLAN ${value}`;
}
