import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { checkout } from './config/config.ts';
import type { Context } from './context.ts';
import { importRegister } from './domains/register/index.ts';
import type { Spool } from './imports/spool.ts';
import { startImport } from './imports/start.ts';

const folder = join(checkout, 'fixtures', 'sample-hospital');

/** Puts the sample hospital into an empty database, by the way that every capture and every register takes. */
export async function importSample(context: Context, spool: Spool): Promise<void> {
  const { rows } = await sql<{
    n: number;
  }>`select (select count(*) from import) + (select count(*) from stream) as n`.execute(context.database);
  if (rows[0]?.n !== 0) return;
  if (!existsSync(folder)) return context.log.warn({ folder }, 'there is no sample hospital here');
  const register = join(folder, 'register.csv');
  if (existsSync(register)) {
    const csv = readFileSync(register, 'utf8');
    await importRegister(context, 'server', {
      csv,
      mode: 'merge',
      reason: 'The sample hospital comes with its register',
    });
  }
  for (const file of readdirSync(folder)
    .filter((name) => /\.pcap(ng)?(\.gz)?$/.test(name))
    .sort()) {
    const spooled = await spool.take(createReadStream(join(folder, file)));
    await startImport(context, spool, spooled, { file, actor: 'server' });
  }
}
