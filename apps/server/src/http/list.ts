import { createHash } from 'node:crypto';
import { formatMicros } from '@wardline/model';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type RawBuilder, sql } from 'kysely';
import type { Context } from '../context.ts';
import type { Executor } from '../store/database.ts';
import { Refusal } from './problems.ts';

/** The type of a sortable column, which the cursor's value must have. */
export type SortKind = 'text' | 'number' | 'real';
export interface SortColumn {
  expression: RawBuilder<unknown>;
  kind: SortKind;
}

export interface ListPlan<R> {
  /** `table x join …` */
  from: RawBuilder<unknown>;
  columns: RawBuilder<unknown>;
  where: RawBuilder<unknown>[];
  id: SortColumn;
  sorts: Record<string, SortColumn>;
  defaultSort: string;
  row: (row: R) => unknown;
}

export interface Paging {
  cursor?: string | undefined;
  limit: number;
  sort?: string | undefined;
  order: 'asc' | 'desc';
}

interface Place {
  s: string;
  o: string;
  v: string | number;
  i: string | number;
}

/** The plan cut to some more conditions. */
export function narrowed<R>(plan: ListPlan<R>, conditions: readonly RawBuilder<unknown>[]): ListPlan<R> {
  return { ...plan, where: [...plan.where, ...conditions] };
}

/** One page by keyset: rows after the place of the cursor, in the order of the sort column and the id. */
export async function listPage<R>(database: Executor, plan: ListPlan<R>, paging: Paging, now: number) {
  const total = sql<{ n: number }>`select count(*) as n from ${plan.from} ${whereAll(plan.where)}`.execute(
    database,
  );
  const page = listRows(database, plan, paging);
  const [{ rows }, found] = await Promise.all([total, page]);
  return { ...found, total: rows[0]?.n ?? 0, asOf: formatMicros(now) };
}

/** Like {@link listPage}, without counting the whole list. */
export async function listRows<R>(database: Executor, plan: ListPlan<R>, paging: Paging) {
  const sort = paging.sort ?? plan.defaultSort;
  const column = plan.sorts[sort];
  if (column === undefined)
    throw new Refusal('invalid-request', `sort: must be one of ${Object.keys(plan.sorts).join(', ')}`);
  const place =
    paging.cursor === undefined ? null : readCursor(paging.cursor, sort, paging.order, column, plan.id);
  const rows = await selectRows(database, plan, column, paging, place);
  const last = rows.length > paging.limit ? rows[paging.limit - 1] : undefined;
  return {
    items: rows.slice(0, paging.limit).map(plan.row),
    nextCursor: last ? writeCursor({ s: sort, o: paging.order, v: last.sort_value, i: last.sort_id }) : null,
  };
}

type Sorted<R> = R & { sort_value: string | number; sort_id: string | number };

async function selectRows<R>(
  database: Executor,
  plan: ListPlan<R>,
  column: SortColumn,
  paging: Paging,
  place: Place | null,
): Promise<Sorted<R>[]> {
  const direction = sql.raw(paging.order);
  const beyond = sql.raw(paging.order === 'asc' ? '>' : '<');
  const after = place
    ? [
        sql`(${column.expression}, ${plan.id.expression}) ${beyond} (${bound(place.v, column)}, ${bound(place.i, plan.id)})`,
      ]
    : [];
  const { rows } = await sql<Sorted<R>>`
    select ${plan.columns}, ${column.expression} as sort_value, ${plan.id.expression} as sort_id
    from ${plan.from} ${whereAll([...plan.where, ...after])}
    order by ${column.expression} ${direction}, ${plan.id.expression} ${direction}
    limit ${paging.limit + 1}`.execute(database);
  return rows;
}

const typeNames = { text: 'text', number: 'bigint', real: 'float8' } as const;

function bound(value: string | number, column: SortColumn): RawBuilder<unknown> {
  return sql`${value}::${sql.raw(typeNames[column.kind])}`;
}

export function whereAll(conditions: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  return conditions.length === 0 ? sql`` : sql`where ${sql.join(conditions, sql` and `)}`;
}

function writeCursor(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

function readCursor(text: string, sort: string, order: string, column: SortColumn, id: SortColumn): Place {
  try {
    const place = JSON.parse(Buffer.from(text, 'base64url').toString()) as Place;
    const fits = (value: unknown, kind: SortKind) =>
      typeof value === (kind === 'text' ? 'string' : 'number') &&
      (kind !== 'number' || Number.isSafeInteger(value));
    if (place.s === sort && place.o === order && fits(place.v, column.kind) && fits(place.i, id.kind))
      return place;
  } catch {
    // Falls through to the refusal.
  }
  throw new Refusal('cursor-invalid');
}

/** The values of a comma-separated parameter. */
export function valuesOf(list: string | undefined): string[] {
  return (list ?? '')
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '')
    .slice(0, 200);
}

/** Words that must all occur; `%` and `_` mean themselves. */
export function wordsOf(q: string | undefined): string[] {
  return (q ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, 12)
    .map((word) => `%${word.replaceAll(/[\\%_]/g, '\\$&')}%`);
}

/** Answers with an ETag of the content, leaving the time of asking out; 304 where the client has it already. */
export function sendTagged(
  request: Pick<FastifyRequest, 'headers'>,
  reply: FastifyReply,
  body: Record<string, unknown>,
): unknown {
  const { asOf: _asOf, ...content } = body;
  const tag = `W/"${createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, 22)}"`;
  void reply.header('etag', tag);
  if (request.headers['if-none-match'] !== tag) return body;
  void reply.status(304);
  return reply.send();
}

/** Answers with the page of a list that the query asks for. */
export async function sendPage<R>(
  { database, now }: Pick<Context, 'database' | 'now'>,
  request: Pick<FastifyRequest, 'headers'> & { query: Paging },
  reply: FastifyReply,
  plan: ListPlan<R>,
): Promise<never> {
  // The schema of the route says what a page is made of.
  return sendTagged(request, reply, await listPage(database, plan, request.query, now())) as never;
}
