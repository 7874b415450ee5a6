import { criticalities, dataSensitivities, formatMicros, type Overview } from '@wardline/model';
import { type RawBuilder, sql } from 'kysely';
import type { Context } from '../../context.ts';
import { whereAll } from '../../http/list.ts';
import type { Executor } from '../../store/database.ts';
import { assetIdWithin, assetsWithin, type Scope } from '../access/index.ts';
import { severityCounts } from '../inventory/index.ts';
import { todoList } from './todo.ts';

/** The first screen's numbers within a scope, all of one moment: they are read in one snapshot. */
export async function overview(context: Context, scope: readonly Scope[] | null): Promise<Overview> {
  return context.database
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (database) => {
      const assets = await assetNumbers(database, context, scope);
      const register = await registerNumbers(database, scope);
      const { losses, observed } = await observedNumbers(database, scope);
      return {
        asOf: formatMicros(context.now()),
        hospital: context.config.hospital,
        sample: context.config.sample,
        within: scope?.map(limitsOf) ?? null,
        observed,
        assets,
        conversations: await conversationNumbers(database, scope),
        findings: severityCounts(await findingNumbers(database, scope)),
        register,
        losses,
        todo: await todoList(database, scope, { ...register, unidentified: assets.unidentified }),
      };
    });
}

const limitsOf = ({ sites, zones }: Scope) => ({ sites: sites && [...sites], zones: zones && [...zones] });

async function findingNumbers(
  database: Executor,
  scope: readonly Scope[] | null,
): Promise<Record<string, number>> {
  const { rows } = await sql<{ value: string; n: number }>`
    select severity as value, count(*) as n from finding
    ${whereAll([sql`closed_at is null`, ...assetIdWithin(scope, 'asset_id')])} group by 1 order by 2 desc`.execute(
    database,
  );
  return Object.fromEntries(rows.map((row) => [row.value, row.n]));
}

async function assetNumbers(
  database: Executor,
  { knowledge }: Context,
  scope: readonly Scope[] | null,
): Promise<Overview['assets']> {
  const where = whereAll([sql`not a.gone`, ...assetsWithin(scope)]);
  // One pass: the combinations are few, and what each count needs is added up here.
  const { rows: kinds } = await sql<{
    group: string;
    criticality: string;
    data: string;
    unidentified: boolean;
    conflicting: boolean;
    count: number;
  }>`
    select coalesce(nullif(grp, ''), 'unknown') as group, criticality, data_sensitivity as data,
      class in ('', 'unknown') as unidentified, conflicting, count(*) as count
    from asset a ${where} group by 1, 2, 3, 4, 5`.execute(database);
  const groups = tallied(kinds, (row) => row.group);
  const weights = tallied(kinds, (row) => row.criticality);
  const data = tallied(kinds, (row) => row.data);
  const count = (which: (row: (typeof kinds)[number]) => boolean) =>
    kinds.filter(which).reduce((sum, row) => sum + row.count, 0);
  const vlans = await sql<{ vlan: number | null; count: number }>`
    select v as vlan, count(*) as count from asset a left join lateral unnest(a.vlans) as v on true
    ${where} group by v order by v nulls first`.execute(database);
  return {
    total: count(() => true),
    unidentified: count((row) => row.unidentified),
    conflicting: count((row) => row.conflicting),
    byGroup: Object.entries(groups).map(([group, size]) => ({
      group,
      label: knowledge.taxonomy.groups.get(group)?.label ?? 'Unknown',
      count: size,
    })),
    byCriticality: Object.fromEntries(criticalities.map((name) => [name, weights[name] ?? 0])),
    bySensitivity: Object.fromEntries(dataSensitivities.map((name) => [name, data[name] ?? 0])),
    byVlan: vlans.rows,
  };
}

/** A conversation is of a scope where one of its ends is. */
function conversationsWithin(scope: readonly Scope[] | null): RawBuilder<unknown> {
  if (scope === null) return sql`conversation c`;
  return sql`conversation c join endpoint x on x.id = c.client_id join endpoint y on y.id = c.server_id
    ${whereAll(assetIdWithin(scope, 'x.asset_id', 'y.asset_id'))}`;
}

/** One pass over the conversations; what each count needs is added up here. */
async function conversationNumbers(
  database: Executor,
  scope: readonly Scope[] | null,
): Promise<Overview['conversations']> {
  const { rows } = await sql<{ application: string; protection: string; count: number; bytes: number }>`
    select coalesce(nullif(c.application, ''), 'unknown') as application, c.protection, count(*) as count,
      sum(c.bytes_from_client + c.bytes_from_server) as bytes
    from ${conversationsWithin(scope)} group by 1, 2`.execute(database);
  const byApplication = new Map<string, { application: string; count: number; bytes: number }>();
  for (const { application, count, bytes } of rows) {
    const known = byApplication.get(application) ?? { application, count: 0, bytes: 0 };
    byApplication.set(application, { application, count: known.count + count, bytes: known.bytes + bytes });
  }
  const applications = [...byApplication.values()].sort(
    (x, y) => y.count - x.count || (x.application < y.application ? -1 : 1),
  );
  return {
    total: rows.reduce((sum, row) => sum + row.count, 0),
    byProtection: tallied(rows, (row) => row.protection),
    byApplication: applications.slice(0, 40),
  };
}

/** Counts by name, the largest first. */
function tallied<R extends { count: number }>(
  rows: readonly R[],
  nameOf: (row: R) => string,
): Record<string, number> {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(nameOf(row), (sums.get(nameOf(row)) ?? 0) + row.count);
  return Object.fromEntries([...sums].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)));
}

/** Within a scope only what an asset of it was held against counts: where a device is that nobody saw, nobody knows. */
async function registerNumbers(
  database: Executor,
  scope: readonly Scope[] | null,
): Promise<Overview['register']> {
  const { rows } = await sql<{ value: string; n: number; entries: number }>`
    select state as value, count(*) as n, count(tag) as entries from reconciliation
    ${whereAll(assetIdWithin(scope, 'asset_id'))} group by 1`.execute(database);
  const states = Object.fromEntries(rows.map((row) => [row.value, row.n]));
  const entries = await sql<{ n: number }>`select count(*) as n from register_entry`.execute(database);
  const of = (state: string) => states[state] ?? 0;
  return {
    entries: scope === null ? (entries.rows[0]?.n ?? 0) : rows.reduce((sum, row) => sum + row.entries, 0),
    matched: of('matched'),
    shadow: of('shadow'),
    missing: of('missing'),
    conflicting: of('conflicting'),
  };
}

/** What was lost of what any sensor heard tells how far every number can be trusted, also those of a part. */
async function observedNumbers(
  database: Executor,
  scope: readonly Scope[] | null,
): Promise<Pick<Overview, 'observed' | 'losses'>> {
  const { rows } = await sql<{
    from: number | null;
    to: number | null;
    packets: number;
    bytes: number;
    captures: number;
  }>`
    select min(first_seen) as from, max(last_seen) as to, coalesce(sum(packets), 0) as packets,
      coalesce(sum(bytes), 0) as bytes, count(*) as captures from stream`.execute(database);
  const lost = await sql<{ key: string; n: number }>`
    select key, sum(value::bigint) as n from stream,
      lateral (select * from jsonb_each_text(dropped) union all select * from jsonb_each_text(evicted)) as counts
    group by key order by key`.execute(database);
  const { from, to, ...sums } =
    scope === null ? rows[0]! : { ...rows[0]!, ...(await heardWithin(database, scope)) };
  const time = (micros: number | null) => (micros === null ? null : formatMicros(micros));
  return {
    observed: { from: time(from), to: time(to), ...sums },
    losses: Object.fromEntries(lost.rows.map((row) => [row.key, row.n])),
  };
}

async function heardWithin(database: Executor, scope: readonly Scope[]) {
  const { rows } = await sql<{ from: number | null; to: number | null; packets: number; bytes: number }>`
    select min(c.first_seen) as from, max(c.last_seen) as to,
      coalesce(sum(c.packets_from_client + c.packets_from_server), 0) as packets,
      coalesce(sum(c.bytes_from_client + c.bytes_from_server), 0) as bytes
    from ${conversationsWithin(scope)}`.execute(database);
  return rows[0]!;
}
