import type { Knowledge } from '@wardline/knowledge';
import { formatMicros, type mapResponse } from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Executor } from '../../store/database.ts';

type NetworkMap = z.infer<typeof mapResponse>;
type Grouping = NetworkMap['groupedBy'];
type Node = NetworkMap['nodes'][number];

interface Question {
  group: Grouping;
  limit: number;
  now: number;
}

const groupColumn: Record<Grouping, string> = {
  vlan: `coalesce((a.vlans)[1]::text, 'none')`,
  function: `coalesce(nullif(a.grp, ''), 'unknown')`,
  criticality: 'a.criticality',
};

/** Who talks to whom: single assets, or one node per group and class where there are more than `limit`. */
export async function networkMap(
  database: Executor,
  knowledge: Knowledge,
  question: Question,
): Promise<NetworkMap> {
  const { group, limit, now } = question;
  const total = await sql<{ n: number }>`select count(*) as n from asset where not gone`.execute(database);
  const folded = (total.rows[0]?.n ?? 0) > limit;
  const grouping = groupColumn[group];
  const node = folded ? `${grouping} || ':' || coalesce(nullif(a.class, ''), 'unknown')` : 'a.id';
  const nodes = await loadNodes(database, grouping, node, folded);
  const edges = await loadEdges(database, node);
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
  node: string,
  folded: boolean,
): Promise<Omit<Node, 'groupLabel'>[]> {
  const { rows } = await sql<Omit<Node, 'groupLabel'>>`
    select ${sql.raw(node)} as id, min(${sql.raw(folded ? `coalesce(nullif(a.class_label, ''), 'Unknown')` : 'a.name')}) as label,
      nullif(min(a.class), '') as class, nullif(min(a.class_label), '') as "classLabel", ${sql.raw(grouping)} as group,
      (array_agg(a.criticality order by a.criticality_rank))[1] as criticality, count(*) as assets,
      coalesce(sum((select sum(value::int) from jsonb_each_text(a.findings))), 0)::int as findings
    from asset a where not a.gone group by 1, ${sql.raw(grouping)} order by 1`.execute(database);
  return rows;
}

async function loadEdges(database: Executor, node: string): Promise<NetworkMap['edges']> {
  const of = (alias: string) => sql.raw(node.replaceAll('a.', `${alias}.`));
  const { rows } = await sql<NetworkMap['edges'][number]>`
    select ${of('x')} as source, ${of('y')} as target,
      coalesce(array_agg(distinct c.application) filter (where c.application <> ''), '{}') as applications,
      array_agg(distinct c.protection) as protections, count(*) as conversations,
      sum(c.bytes_from_client + c.bytes_from_server) as bytes
    from conversation c join endpoint ce on ce.id = c.client_id join endpoint se on se.id = c.server_id
    join asset x on x.id = ce.asset_id and not x.gone join asset y on y.id = se.asset_id and not y.gone
    where x.id <> y.id group by 1, 2 order by bytes desc limit 20000`.execute(database);
  return rows;
}

function groupLabel(group: Grouping, value: string, knowledge: Knowledge): string {
  if (group === 'function') return knowledge.taxonomy.groups.get(value)?.label ?? 'Unknown';
  if (group === 'criticality') return value.charAt(0).toUpperCase() + value.slice(1);
  return value === 'none' || value === '0' ? 'Untagged' : `VLAN ${value}`;
}
