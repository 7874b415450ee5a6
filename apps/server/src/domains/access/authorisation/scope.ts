import { type RoleZone, readZone } from '@wardline/model';
import { type RawBuilder, sql } from 'kysely';
import type { Scope, ZoneRules } from './authorisation.ts';

type Kind<K extends RoleZone['kind']> = Extract<RoleZone, { kind: K }>;

/** True for the assets of one kind of zone; `alias` is the table's. What the network does not say lies in no zone. */
const conditionOf = {
  vlan: (zones: readonly Kind<'vlan'>[], alias: string) =>
    sql`${sql.ref(`${alias}.vlans`)} && ${zones.map(({ vlan }) => vlan)}::int[]`,
  net: (zones: readonly Kind<'net'>[], alias: string) =>
    // An address that is none is of no network; the cast of one would end the whole question.
    sql`exists (select 1 from unnest(${sql.ref(`${alias}.ips`)}) ip, unnest(${zones.map(({ net }) => net)}::inet[]) net
      where case when pg_input_is_valid(ip, 'inet') then ip::inet <<= net else false end)`,
  department: (zones: readonly Kind<'department'>[], alias: string) =>
    sql`lower(${sql.ref(`${alias}.department`)}) = any(${zones.map(({ department }) => department.toLowerCase())}::text[])`,
  group: (zones: readonly Kind<'group'>[], alias: string) =>
    sql`${sql.ref(`${alias}.grp`)} = any(${zones.map(({ group }) => group)}::text[])`,
};

/** True for the assets of any of the zones; for none where no zone can be read. */
function zonesWithin(zones: readonly string[], alias: string, rules: ZoneRules): RawBuilder<unknown> {
  const read = zones.map(readZone);
  const of = <K extends RoleZone['kind']>(kind: K) =>
    read.filter((zone): zone is Kind<K> => zone !== null && zone.kind === kind);
  const parts = [
    [of('vlan'), conditionOf.vlan] as const,
    [of('net'), conditionOf.net] as const,
    [of('department'), conditionOf.department] as const,
    [of('group'), conditionOf.group] as const,
  ].flatMap(([some, condition]) => (some.length === 0 ? [] : [condition(some as never, alias)]));
  const declared = of('zone').map(({ zone }) => rules.get(zone)?.(alias) ?? sql`false`);
  const every = [...parts, ...declared];
  return every.length === 0 ? sql`false` : sql`(${sql.join(every, sql` or `)})`;
}

/** True for the assets of a scope; `alias` is the table's. Null scope: every asset. */
export function assetsWithin(scope: readonly Scope[] | null, alias = 'a'): RawBuilder<unknown>[] {
  if (scope === null) return [];
  const parts = scope.map(({ sites, zones, rules = new Map() }) => {
    const conditions = [
      ...(sites === null ? [] : [sql`${sql.ref(`${alias}.site`)} = any(${sites}::int[])`]),
      ...(zones === null ? [] : [zonesWithin(zones, alias, rules)]),
    ];
    return sql`(${sql.join(conditions, sql` and `)})`;
  });
  return [sql`(${sql.join(parts, sql` or `)})`];
}

/** True where the asset that a column names is of the scope. */
export function assetIdWithin(scope: readonly Scope[] | null, ...columns: string[]): RawBuilder<unknown>[] {
  if (scope === null) return [];
  const inside = sql`(select s.id from asset s where ${assetsWithin(scope, 's')[0]!})`;
  return [
    sql`(${sql.join(
      columns.map((column) => sql`${sql.raw(column)} in ${inside}`),
      sql` or `,
    )})`,
  ];
}
