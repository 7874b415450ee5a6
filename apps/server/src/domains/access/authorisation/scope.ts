import { type RawBuilder, sql } from 'kysely';
import type { Scope } from './authorisation.ts';

/** Of zones only VLANs are known to the inventory yet: `vlan:20`. */
const vlansOf = (zones: readonly string[]): number[] =>
  zones.flatMap((zone) => {
    const match = /^vlan:(\d{1,4})$/.exec(zone);
    return match ? [Number(match[1])] : [];
  });

/** True for the assets of a scope; `alias` is the table's. Null scope: every asset. */
export function assetsWithin(scope: readonly Scope[] | null, alias = 'a'): RawBuilder<unknown>[] {
  if (scope === null) return [];
  const [site, vlans] = [sql.ref(`${alias}.site`), sql.ref(`${alias}.vlans`)];
  const parts = scope.map(({ sites, zones }) => {
    const conditions = [
      ...(sites === null ? [] : [sql`${site} = any(${sites}::int[])`]),
      ...(zones === null ? [] : [sql`${vlans} && ${vlansOf(zones)}::int[]`]),
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
