import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Context } from './context.ts';
import { importRegister } from './domains/register/index.ts';
import type { Spool } from './imports/spool.ts';
import { startImport } from './imports/start.ts';
import { act } from './ledger/append.ts';

/** In place of a digest: the import that stands for a sample that could not be loaded. */
const FAILED = 'sample-hospital';

/**
 * Puts the sample hospital into an empty database, by the way that every capture and every register takes. Where that
 * fails, a failed import says so to whoever looks at the imports; the next start tries again.
 */
export async function importSample(context: Context, spool: Spool): Promise<void> {
  try {
    if (await isEmpty(context)) await loadSample(context, spool, context.config.sampleDir);
  } catch (error) {
    context.log.error({ err: error }, 'the sample hospital was not imported');
    await recordFailure(context, error).catch((err) =>
      context.log.error({ err }, 'nor could that be stored'),
    );
  }
}

async function isEmpty({ database }: Context): Promise<boolean> {
  const { rows } = await sql<{ n: number }>`
    select (select count(*) from import where sha256 <> ${FAILED}) + (select count(*) from stream) as n`.execute(
    database,
  );
  return rows[0]?.n === 0;
}

async function loadSample(context: Context, spool: Spool, from: string): Promise<void> {
  const names = readdirSync(from).sort();
  const captures = names.filter((name) => /\.pcap(ng)?(\.gz)?$/.test(name));
  if (captures.length === 0) throw new Error(`${from} holds no capture`);
  // Each house of the hospital has a register of its own.
  for (const register of names.filter((name) => /^register.*\.csv$/.test(name)))
    await importRegister(context, 'server', {
      csv: readFileSync(join(from, register), 'utf8'),
      mode: 'merge',
      reason: 'The sample hospital comes with its register',
    });
  for (const file of captures) {
    const spooled = await spool.take(createReadStream(join(from, file)));
    await startImport(context, spool, spooled, { file, actor: 'server' });
  }
  await sql`delete from import where sha256 = ${FAILED}`.execute(context.database);
}

async function recordFailure(context: Context, error: unknown): Promise<void> {
  const at = context.now();
  const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
  const message = missing ? 'The sample hospital is not in this checkout' : 'The log says why';
  const what = { action: 'import.fail', subject: `import:${FAILED}`, changes: { message }, reason: null };
  await act(context.database, { at, actor: 'server', ...what }, async (transaction) => {
    const errors = [{ file: 'fixtures/sample-hospital', record: null, offset: null, message }];
    await sql`
      insert into import (id, file, sha256, state, step, started_at, finished_at, actor, errors)
      values (${FAILED}, 'sample hospital', ${FAILED}, 'failed', ${`Not imported: ${message}`}, ${at}, ${at}, 'server',
        ${JSON.stringify(errors)}::jsonb)
      on conflict (id) do update set step = excluded.step, finished_at = excluded.finished_at, errors = excluded.errors`.execute(
      transaction,
    );
  });
  context.events.emit('imports', 'ledger');
}
