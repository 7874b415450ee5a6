import { randomUUID } from 'node:crypto';
import { formatMicros, type OrderAct, type PointOrder } from '@wardline/model';
import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { act, append } from '../../ledger/append.ts';
import { ENFORCEMENT_POINTS, ORDER_TAKES_MICROS, ORDER_WAITS_MICROS, ORDERS_TOLD } from '../../limits.ts';
import type { Database, Executor } from '../../store/database.ts';
import type { Tables } from '../../store/tables.ts';

export interface NewOrder {
  point: string;
  act: OrderAct;
  /** The version to be applied; null for the others. */
  version: number | null;
  trialSeconds: number | null;
  reason: string;
  /** What it was foreseen to end, for the ledger. */
  foreseen: Record<string, unknown>;
}

/** @throws Refusal where the point has an order already, or takes none */
export async function giveOrder(context: Context, actor: string, order: NewOrder): Promise<string> {
  const [id, at] = [randomUUID(), context.now()];
  const { point, act: what, version, trialSeconds, foreseen, reason } = order;
  const changes = { order: id, act: what, version, trialSeconds, ...foreseen };
  const entry = {
    at,
    actor,
    action: 'enforcement.order',
    subject: `enforcement:${point}`,
    changes,
    reason,
  };
  await act(context.database, entry, async (transaction) => {
    await giveUp(transaction, at);
    const { rows } = await sql<{ obeys: boolean; trial: number | null; open: boolean }>`
      select p.obeys, p.trial_until as trial,
        exists (select 1 from enforcement_order o where o.point = p.id and o.ended is null) as open
      from enforcement_point p where p.id = ${point} for update`.execute(transaction);
    const [found] = rows;
    if (found === undefined) throw new Refusal('not-found');
    if (!found.obeys)
      throw new Refusal(
        'conflict',
        'This point takes no orders: start it with wardline policy report --obey, or act at its own keyboard.',
      );
    if (found.open)
      throw new Refusal('conflict', 'It has an order already: withdraw it first, or wait for it.');
    if (what === 'confirm' && found.trial === null)
      throw new Refusal('conflict', 'Nothing is on trial there.');
    await sql`insert into enforcement_order (id, point, act, version, trial_seconds, ordered, ordered_by)
      values (${id}, ${point}, ${what}, ${version}, ${trialSeconds}, ${at}, ${actor})`.execute(transaction);
  });
  return id;
}

/** @throws Refusal where the point has taken it, or it has ended */
export async function withdrawOrder(
  context: Context,
  actor: string,
  { id, reason }: { id: string; reason: string },
): Promise<void> {
  const at = context.now();
  await context.database.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ point: string }>`
      update enforcement_order set ended = ${at}, outcome = 'withdrawn'
      where id = ${id} and ended is null and taken is null returning point`.execute(transaction);
    if (rows[0] === undefined)
      throw new Refusal('conflict', 'It does not wait any more: the point has taken it, or it has ended.');
    const subject = `enforcement:${rows[0].point}`;
    await append(transaction, {
      at,
      actor,
      action: 'enforcement.withdraw',
      subject,
      changes: { order: id },
      reason,
    });
  });
}

/** The order that waits for a point, which has it from now on: it cannot be withdrawn any more. That it was taken is an act of the point's. */
export async function takeOrder(
  database: Database,
  actor: string,
  point: string,
  now: number,
): Promise<PointOrder | null> {
  await giveUpOrders(database, now);
  if (await isOrderWaiting(database, point, now))
    await database.transaction().execute(async (transaction) => {
      const { rows } = await sql<Ended>`
        update enforcement_order set taken = ${now} where point = ${point} and ended is null and taken is null
        returning id, point, act`.execute(transaction);
      for (const row of rows) await appendFate(transaction, 'enforcement.taken', { at: now, actor, row });
    });
  return (await openOrders(database, now)).get(point) ?? null;
}

interface Ended {
  id: string;
  point: string;
  act: OrderAct;
}

const appendFate = (
  transaction: Transaction<Tables>,
  action: string,
  { at, actor, row }: { at: number; actor: string; row: Ended & { outcome?: string } },
): Promise<number> =>
  append(transaction, {
    at,
    actor,
    action,
    subject: `enforcement:${row.point}`,
    changes: { order: row.id, act: row.act, ...(row.outcome === undefined ? {} : { outcome: row.outcome }) },
    reason: null,
  });

export async function isOrderWaiting(database: Executor, point: string, now: number): Promise<boolean> {
  return (await openOrders(database, now)).get(point)?.state === 'waiting';
}

/** What a point says of an order that it took. @throws Refusal where it has none such */
export async function endOrder(
  context: Context,
  actor: string,
  { id, point, done, said }: { id: string; point: string; done: boolean; said: string },
): Promise<void> {
  const at = context.now();
  await context.database.transaction().execute(async (transaction) => {
    const outcome = done ? 'done' : 'failed';
    const { rows } = await sql<{ act: string }>`
      update enforcement_order set ended = ${at}, outcome = ${outcome}, said = ${said}
      where id = ${id} and point = ${point} and ended is null and taken is not null returning act`.execute(
      transaction,
    );
    if (rows[0] === undefined) throw new Refusal('not-found');
    await append(transaction, {
      at,
      actor,
      action: 'enforcement.outcome',
      subject: `enforcement:${point}`,
      changes: { order: id, act: rows[0].act, outcome },
      reason: null,
    });
  });
}

/** Gives up what waited or was taken too long ago. The ledger says that the server did. */
export async function giveUpOrders(database: Database, now: number): Promise<number> {
  const { rows } = await sql`select 1 from enforcement_order where ${isOver(now)} limit 1`.execute(database);
  if (rows.length === 0) return 0;
  return database.transaction().execute((transaction) => giveUp(transaction, now));
}

const isOver = (now: number): RawBuilder<unknown> => sql`ended is null and (taken is null and
  ordered < ${now - ORDER_WAITS_MICROS}::bigint or taken < ${now - ORDER_TAKES_MICROS}::bigint)`;

/** What nobody took in time is given up, and so is what a point took and never spoke of again. */
async function giveUp(transaction: Transaction<Tables>, now: number): Promise<number> {
  const { rows } = await sql<Ended & { outcome: string }>`
    update enforcement_order set ended = ${now}, outcome = case when taken is null then 'expired' else 'failed' end,
      said = case when taken is null then said else 'The point took it and said nothing more.' end
    where ${isOver(now)} returning id, point, act, outcome`.execute(transaction);
  for (const row of rows)
    await appendFate(transaction, 'enforcement.given-up', { at: now, actor: 'server', row });
  return rows.length;
}

interface Stored {
  id: string;
  point: string;
  act: OrderAct;
  version: number | null;
  trialSeconds: number | null;
  ordered: number;
  orderedBy: string;
  taken: number | null;
  ended: number | null;
  outcome: 'done' | 'failed' | 'withdrawn' | 'expired' | null;
  said: string;
}

/** Orders that have not ended, by their points. */
export async function openOrders(database: Executor, now: number): Promise<ReadonlyMap<string, PointOrder>> {
  const rows = await select(database, sql`o.ended is null`, ENFORCEMENT_POINTS);
  const open = rows.map((row) => [row.point, orderRow(row, now)] as const);
  return new Map(open.filter(([, { state }]) => state === 'waiting' || state === 'taken'));
}

export async function ordersOf(database: Executor, point: string, now: number): Promise<PointOrder[]> {
  const rows = await select(database, sql`o.point = ${point}`, ORDERS_TOLD);
  return rows.map((row) => orderRow(row, now));
}

async function select(database: Executor, where: RawBuilder<unknown>, limit: number): Promise<Stored[]> {
  const { rows } = await sql<Stored>`
    select o.id, o.point, o.act, o.version, o.trial_seconds as "trialSeconds", o.ordered, coalesce(p.name, o.ordered_by) as "orderedBy",
      o.taken, o.ended, o.outcome, o.said
    from enforcement_order o left join person p on o.ordered_by = 'person:' || p.id::text
    where ${where} order by o.ordered desc limit ${limit}`.execute(database);
  return rows;
}

function orderRow({ point: _point, taken, outcome, ...row }: Stored, now: number): PointOrder {
  return {
    ...row,
    state: outcome ?? stateOf(row.ordered, taken, now),
    ordered: formatMicros(row.ordered),
    ended: row.ended === null ? null : formatMicros(row.ended),
  };
}

function stateOf(ordered: number, taken: number | null, now: number): PointOrder['state'] {
  if (taken !== null) return now - taken > ORDER_TAKES_MICROS ? 'failed' : 'taken';
  return now - ordered > ORDER_WAITS_MICROS ? 'expired' : 'waiting';
}
