import type pg from 'pg';

/** Nobody is signed in after a restore, no question waits for its answer, and changes are followed in a line of their own. */
const leftOut: ReadonlySet<string> = new Set([
  'migration',
  'session',
  'challenge',
  'backup_line',
  'sign_in_attempt',
  'first_link',
]);

export interface TableShape {
  name: string;
  columns: string[];
}

/** Every table with its own columns, those that others refer to first. */
export async function tablesInOrder(client: pg.Client): Promise<TableShape[]> {
  const { rows } = await client.query<TableShape>(`
    select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace
    group by c.relname order by c.relname`);
  const { rows: links } = await client.query<{ from: string; to: string }>(`
    select conrelid::regclass::text as "from", confrelid::regclass::text as "to" from pg_constraint
    where contype = 'f' and connamespace = 'public'::regnamespace and conrelid <> confrelid`);
  return ordered(
    rows.filter(({ name }) => !leftOut.has(name)),
    links,
  );
}

function ordered(
  tables: readonly TableShape[],
  links: readonly { from: string; to: string }[],
): TableShape[] {
  const done: TableShape[] = [];
  const names = new Set<string>();
  for (let waiting = [...tables]; waiting.length > 0; ) {
    const ready = waiting.filter(({ name }) =>
      links.every(({ from, to }) => from !== name || names.has(to) || leftOut.has(to)),
    );
    // Tables that refer to each other in a ring could not be filled; there are none, and a new one must be thought of here.
    if (ready.length === 0)
      throw new Error(`tables refer to each other: ${waiting.map(({ name }) => name).join(', ')}`);
    for (const table of ready) names.add(table.name);
    done.push(...ready);
    waiting = waiting.filter(({ name }) => !names.has(name));
  }
  return done;
}

/** Partitions but the one for the rest, with their bounds as PostgreSQL writes them. */
export async function partitionsOf(
  client: pg.Client,
): Promise<{ parent: string; name: string; bounds: string }[]> {
  const { rows } = await client.query<{ parent: string; name: string; bounds: string }>(`
    select p.relname as parent, c.relname as name, pg_get_expr(c.relpartbound, c.oid) as bounds
    from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
    where c.relispartition and pg_get_expr(c.relpartbound, c.oid) <> 'DEFAULT' order by c.relname`);
  return rows;
}

/** Where each sequence stands. */
export async function sequencesOf(
  client: pg.Client,
): Promise<{ table: string; column: string; value: number }[]> {
  const found = [];
  for (const { table, column, sequence } of await serialColumns(client)) {
    const { rows: values } = await client.query<{ value: string; called: boolean }>(
      `select last_value as value, is_called as called from ${sequence}`,
    );
    if (values[0]?.called) found.push({ table, column, value: Number(values[0].value) });
  }
  return found;
}

/** Sets each sequence behind the last number that its table holds, where changes of rows were put back and those of sequences not. */
export async function raiseSequences(client: pg.Client): Promise<void> {
  for (const { table, column, sequence } of await serialColumns(client))
    await client.query(
      `select setval($1, top) from (select max(${quoted(column)}) as top from ${quoted(table)}) t, ${sequence} s
       where top > s.last_value or (top = s.last_value and not s.is_called)`,
      [sequence],
    );
}

/**
 * Whether references between rows are looked at only when a transaction ends: changes come in the order in which they were written,
 * where a statement may have written a row before the one that it refers to.
 */
export async function deferReferences(client: pg.Client, deferred: boolean): Promise<void> {
  const { rows } = await client.query<{ table: string; name: string }>(`
    select conrelid::regclass::text as "table", conname as name from pg_constraint
    where contype = 'f' and connamespace = 'public'::regnamespace and conparentid = 0 and condeferrable <> ${deferred}`);
  for (const { table, name } of rows)
    await client.query(
      `alter table ${table} alter constraint ${quoted(name)} ${deferred ? 'deferrable initially deferred' : 'not deferrable'}`,
    );
}

async function serialColumns(
  client: pg.Client,
): Promise<{ table: string; column: string; sequence: string }[]> {
  const { rows } = await client.query<{ table: string; column: string; sequence: string }>(`
    select c.relname as "table", a.attname as "column", pg_get_serial_sequence(quote_ident(c.relname), a.attname) as sequence
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace
      and pg_get_serial_sequence(quote_ident(c.relname), a.attname) is not null`);
  return rows;
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
