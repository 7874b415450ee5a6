import { randomUUID } from 'node:crypto';
import {
  formatMicros,
  type MaintenanceWindow,
  type maintenanceWindowBody,
  type WeeklyWindow,
  type WindowHolder,
  windowHolders,
} from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import { act } from '../../../ledger/append.ts';
import type { Executor } from '../../../store/database.ts';
import { assetIdWithin, type Scope } from '../../access/index.ts';
import { WINDOWS } from './limits.ts';

/** Maintenance windows that hold: those of all and of classes, and those of assets within the scope. */
export async function readWindows(
  { database, knowledge }: Context,
  scope: readonly Scope[] | null,
): Promise<MaintenanceWindow[]> {
  const [within = sql`true`] = assetIdWithin(scope, 'w.on_id');
  const { rows } = await sql<
    Omit<MaintenanceWindow, 'added' | 'onName'> & { added: number; name: string | null }
  >`
    select w.id, w.on_kind as on, w.on_id as "onId", a.name, w.day, w.from_hour as "fromHour", w.hours,
      w.time_zone as "timeZone", w.note, w.added_by as "addedBy", w.added
    from maintenance_window w left join asset a on w.on_kind = 'asset' and a.id = w.on_id
    where w.removed is null and (w.on_kind <> 'asset' or ${within})
    order by w.on_kind desc, a.name, w.on_id, w.day, w.from_hour, w.id limit ${WINDOWS}`.execute(database);
  return rows.map(({ name, added, ...row }) => ({
    ...row,
    onName: nameOf(row.on, row.onId, name, (id) => knowledge.taxonomy.label(id)),
    added: formatMicros(added),
  }));
}

function nameOf(
  on: WindowHolder,
  id: string | null,
  assetName: string | null,
  label: (id: string | null) => string,
): string {
  if (on === 'all') return 'Every device';
  return on === 'class' ? label(id) : (assetName ?? id ?? '');
}

/** When one device may be taken out of use: its own windows, else those of its class, else everybody's. */
export async function windowsOf(database: Executor, asset: string): Promise<WeeklyWindow[]> {
  const { rows } = await sql<WeeklyWindow & { on: WindowHolder }>`
    select w.on_kind as on, w.day, w.from_hour as "fromHour", w.hours, w.time_zone as "timeZone"
    from maintenance_window w
    where w.removed is null and (w.on_kind = 'all' or (w.on_kind = 'asset' and w.on_id = ${asset})
      or (w.on_kind = 'class' and w.on_id = (select class from asset where id = ${asset})))`.execute(
    database,
  );
  const nearest = windowHolders.find((holder) => rows.some(({ on }) => on === holder));
  return rows
    .filter(({ on }) => on === nearest)
    .map(({ day, fromHour, hours, timeZone }) => ({ day, fromHour, hours, timeZone }));
}

/** Somebody says when devices may be taken out of use; what it came of goes on record with it. */
export async function addWindow(
  context: Context,
  actor: string,
  body: z.infer<typeof maintenanceWindowBody>,
  came: { action: string; changes: Record<string, unknown> } = { action: 'patch.window-add', changes: {} },
): Promise<string> {
  await mustBe(context, body.on, body.onId);
  const at = context.now();
  const id = randomUUID();
  const { on, onId, day, fromHour, hours, timeZone, note, reason } = body;
  const changes = { window: id, on, id: onId, day, fromHour, hours, timeZone, ...came.changes };
  const entry = { at, actor, action: came.action, subject: onId ?? 'all', changes, reason };
  await act(context.database, entry, async (transaction) => {
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from maintenance_window where removed is null`.execute(transaction);
    if (rows[0]!.n >= WINDOWS)
      throw new Refusal('conflict', `There are ${WINDOWS} maintenance windows, and no more are kept`);
    await sql`insert into maintenance_window (id, on_kind, on_id, day, from_hour, hours, time_zone, note, added_by, added)
      values (${id}, ${on}, ${onId}, ${day}, ${fromHour}, ${hours}, ${timeZone}, ${note}, ${actor}, ${at})`.execute(
      transaction,
    );
  });
  return id;
}

/** @throws Refusal where there is no such class or asset */
async function mustBe({ knowledge, database }: Context, on: WindowHolder, id: string | null): Promise<void> {
  if (on === 'class' && !knowledge.taxonomy.classes.has(id ?? ''))
    throw new Refusal('not-found', `There is no class ${id}`);
  if (on !== 'asset') return;
  const { rows } = await sql`select 1 from asset where id = ${id} and not gone`.execute(database);
  if (rows.length === 0) throw new Refusal('not-found', `There is no asset ${id}`);
}

/** It holds no more; it stays on record. */
export async function removeWindow(
  context: Context,
  actor: string,
  id: string,
  reason: string,
): Promise<void> {
  const at = context.now();
  const entry = { at, actor, action: 'patch.window-remove', subject: id, changes: {}, reason };
  await act(context.database, entry, async (transaction) => {
    const { rows } = await sql`update maintenance_window set removed = ${at}
      where id = ${id} and removed is null returning id`.execute(transaction);
    if (rows.length === 0) throw new Refusal('not-found');
  });
}
