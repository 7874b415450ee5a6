import type { deviceBackupBody, deviceBackupTriedBody } from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { act } from '../../ledger/append.ts';
import { loadDevice } from './facts.ts';

/** Enters that a copy of a device's settings was made; of the version that is known to run there. */
export async function addBackup(
  context: Context,
  actor: string,
  asset: string,
  { made, kind, place, sha256, reason }: z.infer<typeof deviceBackupBody>,
): Promise<number> {
  const { software } = await loadDevice(context, asset);
  const at = context.now();
  checkPast('made', made, at);
  if ((kind === 'settings') === (place === ''))
    throw new Refusal('invalid-request', 'place: say where the copy lies; nothing to save lies nowhere');
  const changes = { made, kind, place, sha256, software };
  const entry = { at, actor, action: 'lifecycle.backup', subject: `asset:${asset}`, changes, reason };
  let id = 0;
  await act(context.database, entry, async (transaction) => {
    const { rows } = await sql<{ id: number }>`
      insert into device_backup (asset_id, made, kind, place, sha256, software, added, added_by)
      values (${asset}, ${made}, ${kind}, ${place}, ${sha256}, ${software}, ${at}, ${actor}) returning id`.execute(
      transaction,
    );
    ({ id } = rows[0]!);
  });
  return id;
}

function checkPast(field: string, day: string, now: number): void {
  // A day further east may have begun already.
  if (Date.parse(day) > now / 1000 + 86_400_000)
    throw new Refusal('invalid-request', `${field}: this day is still to come`);
}

/** Enters that a copy was restored for a try. */
export async function tryBackup(
  context: Context,
  actor: string,
  { asset, backup }: { asset: string; backup: number },
  { day, how, reason }: z.infer<typeof deviceBackupTriedBody>,
): Promise<void> {
  const at = context.now();
  checkPast('day', day, at);
  const changes = { backup, day, how };
  const entry = { at, actor, action: 'lifecycle.backup-tried', subject: `asset:${asset}`, changes, reason };
  await act(context.database, entry, async (transaction) => {
    const done = await sql`update device_backup set tried = ${day}, tried_how = ${how}
      where id = ${backup} and asset_id = ${asset} and lost is null and kind = 'settings' and made <= ${day}::date`.execute(
      transaction,
    );
    if (done.numAffectedRows !== 1n)
      throw new Refusal('not-found', `There is no backup ${backup} of this device that was made by then`);
  });
}

/** Enters that a copy is lost or of no use. */
export async function loseBackup(
  context: Context,
  actor: string,
  { asset, backup }: { asset: string; backup: number },
  reason: string,
): Promise<void> {
  const at = context.now();
  const entry = {
    at,
    actor,
    action: 'lifecycle.backup-lost',
    subject: `asset:${asset}`,
    changes: { backup },
    reason,
  };
  await act(context.database, entry, async (transaction) => {
    const done = await sql`update device_backup set lost = ${at}
      where id = ${backup} and asset_id = ${asset} and lost is null`.execute(transaction);
    if (done.numAffectedRows !== 1n)
      throw new Refusal('not-found', `There is no backup ${backup} of this device`);
  });
}
