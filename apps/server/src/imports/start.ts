import { randomUUID } from 'node:crypto';
import type { ImportJob } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../context.ts';
import { Refusal } from '../http/problems.ts';
import { FIRST_SITE } from '../intake/accept.ts';
import { append } from '../ledger/append.ts';
import type { Spool, Spooled } from './spool.ts';
import { findImport, importJob } from './store.ts';

const NAME_CHARS = 200;

/** The last part of a path, without what no file name holds. */
export function captureName(name: string): string {
  const base = name.split(/[\\/]/).at(-1) ?? '';
  return (
    base
      .toWellFormed()
      .replaceAll(/\p{Cc}/gu, '')
      .slice(0, NAME_CHARS) || 'capture'
  );
}

/**
 * Puts a spooled capture in the queue. One that was imported already, or is under way, is that same import; one that was
 * cancelled or failed goes on where it stopped, under the name it had.
 */
export async function startImport(
  context: Context,
  spool: Spool,
  spooled: Spooled,
  by: { file: string; actor: string; site?: number },
): Promise<ImportJob> {
  const { database } = context;
  const known = await findImport(database, { sha256: spooled.sha256 });
  if (known && known.state === 'done') await spool.remove(spooled.sha256);
  if (known && !['failed', 'cancelled'].includes(known.state))
    return { ...importJob(known, context.imports.progress(known.id)), repeated: true };
  const id = known?.id ?? randomUUID();
  try {
    await queue(context, spooled, { ...by, id, again: known !== null });
  } catch (error) {
    const other = await findImport(database, { sha256: spooled.sha256 }).catch(() => null);
    // Handed in twice at the same moment: the other one is this import.
    if (other?.finished_at === null) return { ...importJob(other, undefined), repeated: true };
    await spool.remove(spooled.sha256);
    throw error;
  }
  context.events.emit('imports', 'ledger');
  context.imports.wake();
  return { ...importJob((await findImport(database, { id }))!, undefined), repeated: false };
}

async function queue(
  { database, now, server }: Context,
  spooled: Spooled,
  by: { id: string; file: string; actor: string; site?: number; again: boolean },
): Promise<void> {
  const { id, site = FIRST_SITE } = by;
  const at = now();
  await database.transaction().execute(async (transaction) => {
    await sql`
      insert into import (id, site, file, sha256, state, step, bytes_total, started_at, actor, spooled_by)
      values (${id}, ${site}, ${by.file}, ${spooled.sha256}, 'queued', 'Waiting', ${spooled.bytes}, ${at}, ${by.actor}, ${server})
      on conflict (id) do update set state = 'queued', step = 'Waiting', finished_at = null, errors = '[]',
        holder = null, beat = null, spooled_by = excluded.spooled_by`.execute(transaction);
    const changes = { site, file: by.file, sha256: spooled.sha256, bytes: spooled.bytes, again: by.again };
    const what = { action: 'import.start', subject: `import:${id}`, changes, reason: null };
    await append(transaction, { at, actor: by.actor, ...what });
  });
}

/** Ends an import that has not ended by itself. */
export async function cancelImport(
  context: Context,
  spool: Spool,
  id: string,
  actor: string,
): Promise<ImportJob> {
  const known = await findImport(context.database, { id });
  if (!known) throw new Refusal('not-found', `There is no import ${id}`);
  if (known.finished_at !== null)
    throw new Refusal('conflict', `This import has ended already (${known.state})`);
  const at = context.now();
  const isRunning = context.imports.progress(id) !== undefined;
  await context.database.transaction().execute(async (transaction) => {
    // Another server that reads it notices at its next beat that it is its no more.
    if (!isRunning)
      await sql`update import set state = 'cancelled', step = 'Cancelled', finished_at = ${at} where id = ${id}`.execute(
        transaction,
      );
    const what = {
      action: 'import.cancel',
      subject: `import:${id}`,
      changes: { file: known.file },
      reason: null,
    };
    await append(transaction, { at, actor, ...what });
  });
  if (isRunning) context.imports.cancel(id);
  else await spool.remove(known.sha256);
  context.events.emit('imports', 'ledger');
  return importJob((await findImport(context.database, { id }))!, context.imports.progress(id));
}
