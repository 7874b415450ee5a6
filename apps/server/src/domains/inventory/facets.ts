import type { Knowledge } from '@wardline/knowledge';
import { type RawBuilder, sql } from 'kysely';
import { whereAll } from '../../http/list.ts';
import type { Executor } from '../../store/database.ts';
import { siteNames } from '../sites/index.ts';
import { type AssetFilter, assetConditions, filterColumns, filterFields } from './plan.ts';

type Field = (typeof filterFields)[number];
interface Count {
  field: Field;
  value: string | null;
  n: number;
}
/** Values of one facet that a person can still look through. */
const VALUES = 100;

/** Counts each filter's values under all the other filters. Facets that are not filtered by share one pass. */
export async function assetFacets(
  database: Executor,
  filter: AssetFilter,
  knowledge: Knowledge,
  within: readonly RawBuilder<unknown>[] = [],
) {
  const conditions = (without?: Field) => [...assetConditions(filter, without), ...within];
  const free = filterFields.filter((field) => filter[field] === undefined);
  const bound = filterFields.filter((field) => filter[field] !== undefined);
  const scalars = free.filter((field) => !filterColumns[field].list);
  const questions = [
    ...(scalars.length > 0 ? [scalarCounts(database, scalars, conditions())] : []),
    ...free.filter((field) => filterColumns[field].list).map((f) => counts(database, f, conditions())),
    ...bound.map((field) => counts(database, field, conditions(field))),
  ];
  const sites = await siteNames(database);
  const found = Map.groupBy((await Promise.all(questions)).flat(), (row) => row.field);
  return filterFields.map((field) => ({
    field,
    values: valuesOfFacet(found.get(field) ?? [], (value) => labelOf(field, value, knowledge, sites), field),
  }));
}

async function scalarCounts(
  database: Executor,
  fields: Field[],
  where: RawBuilder<unknown>[],
): Promise<Count[]> {
  const columns = fields.map((field) => filterColumns[field].column);
  const names = sql.raw(columns.join(', '));
  const sets = sql.raw(columns.map((name) => `(${name})`).join(', '));
  const { rows } = await sql<Record<string, string | number | null>>`
    select ${names}, grouping(${names}) as level, count(*) as n from asset a ${whereAll(where)}
    group by grouping sets (${sets})`.execute(database);
  // grouping() has a bit per column, the first one highest; the column that was grouped by has 0.
  return rows.map((row) => {
    const index = columns.findIndex((_, at) => (Number(row.level) & (1 << (columns.length - 1 - at))) === 0);
    return { field: fields[index]!, value: textOf(row[columns[index]!]), n: Number(row.n) };
  });
}

async function counts(database: Executor, field: Field, where: RawBuilder<unknown>[]): Promise<Count[]> {
  const { column, list } = filterColumns[field];
  const name = sql.raw(`a.${column}`);
  const { rows } = list
    ? await sql<{ value: string; n: number }>`
        select value::text, count(*) as n from asset a, unnest(${name}) as value ${whereAll(where)}
        group by value order by n desc limit ${VALUES}`.execute(database)
    : await sql<{ value: string; n: number }>`
        select ${name} as value, count(*) as n from asset a ${whereAll(where)}
        group by 1 order by n desc limit ${VALUES}`.execute(database);
  return rows.map(({ value, n }) => ({ field, value: textOf(value), n }));
}

const textOf = (value: string | number | null | undefined) => (value == null ? null : String(value));

function valuesOfFacet(rows: readonly Count[], label: (value: string) => string, field: Field) {
  const totals = new Map<string, number>();
  for (const { value, n } of rows) {
    const name = value || (field === 'register' ? '' : 'unknown');
    if (name !== '') totals.set(name, (totals.get(name) ?? 0) + n);
  }
  return [...totals]
    .map(([value, count]) => ({ value, label: label(value), count }))
    .sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1))
    .slice(0, VALUES);
}

function labelOf(
  field: Field,
  value: string,
  knowledge: Knowledge,
  sites: ReadonlyMap<number, string>,
): string {
  if (field === 'site') return sites.get(Number(value)) ?? `Site ${value}`;
  if (field === 'class') return knowledge.taxonomy.label(value);
  if (field === 'group') return knowledge.taxonomy.groups.get(value)?.label ?? value;
  if (field === 'finding') return knowledge.findingRules.get(value)?.title ?? value;
  if (field === 'application') return knowledge.protocols.get(value)?.label ?? value;
  if (field === 'vlan') return value === '0' ? 'Untagged' : `VLAN ${value}`;
  return value;
}
