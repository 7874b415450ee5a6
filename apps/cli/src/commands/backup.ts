import {
  createReadStream,
  createWriteStream,
  existsSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { problemSchema } from '@wardline/model';
import type { Restored } from '@wardline/server';
import type { Command } from 'commander';
import { dataOption, type ServerFlags, serverAccess, serverOption, tokenOption } from '../api/client.ts';
import { explainSystemError } from '../assessment/captures.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { writeOut } from '../terminal/output.ts';
import { createProgress } from '../terminal/progress.ts';
import { byteSize, counted } from '../terminal/units.ts';
import { userPath } from '../working-directory.ts';
import { addPlanned } from './backup-plan.ts';

const examples = `
Examples:
  wardline backup key backup.key                       make a pair of keys; the file belongs far from the server
  wardline backup make monday.age --recipient age1… --reason "weekly"
  wardline backup restore monday.age --identity backup.key --into /srv/wardline-restored
  wardline backup list                                 the server's own, how old they are, and what is wrong
  wardline restore /srv/backups --at 2026-11-25T14:30:00Z --identity backup.key --into /srv/wardline-restored

A backup is one moment of everything, encrypted on the server (age-encryption.org/v1) before it leaves. With a recipient the server
can't read it again. Restoring makes a new data folder and works the ledger out anew; start it with "wardline start --data".`;

/** One moment of everything, encrypted; and a data folder made from it again. */
export function addBackup(program: Command): void {
  const backup = program
    .command('backup')
    .description('Encrypted backups, and restoring them.')
    .addHelpText('after', examples);
  backup
    .command('key')
    .summary('make a pair of keys for backups')
    .argument('<file>', 'where the secret half goes')
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText('after', '\nExample:\n  wardline backup key backup.key')
    .action(runKey);
  backup
    .command('make')
    .summary('write an encrypted backup of a running server')
    .argument('<file>', 'file to write')
    .option('--recipient <key>', 'public key (age1…) that it is encrypted to')
    .option('--passphrase-file <file>', 'file with a passphrase of at least 16 characters')
    .requiredOption('--reason <text>', 'why; it goes into the ledger')
    .option(...serverOption)
    .option(...tokenOption)
    .option(...dataOption)
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText('after', '\nExample:\n  wardline backup make monday.age --recipient age1… --reason "weekly"')
    .action(runMake);
  addPlanned(backup);
  addRestoreTo(backup, 'wardline backup restore');
  addRestoreTo(program, 'wardline restore');
}

/** The same by two names: people look for it beside `backup` and below it. */
function addRestoreTo(parent: Command, called: string): void {
  parent
    .command('restore')
    .summary('make a data folder from a backup, or from a folder of them as of any moment')
    .argument('<from>', 'a backup, or the folder where the server keeps backups and changes')
    .requiredOption('--into <folder>', 'the new data folder, empty or not there')
    .option('--database <url>', 'an empty PostgreSQL database of your own to fill, as DATABASE_URL names it')
    .option('--at <time>', 'as of this moment, from a folder: 2026-11-25T14:30:00Z (else the last there is)')
    .option('--identity <file>', 'the secret half of the key')
    .option('--passphrase-file <file>', 'file with the passphrase')
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText(
      'after',
      `
Examples:
  ${called} monday.age --identity backup.key --into /srv/wardline-restored
  ${called} /srv/backups --at 2026-11-25T14:30:00Z --identity backup.key --into /srv/wardline-restored
  ${called} monday.age --identity backup.key --into /var/lib/wardline --database postgresql://wardline@/wardline?host=/run/postgresql`,
    )
    .action(runRestore);
}

async function runKey(file: string, flags: { json?: boolean }): Promise<void> {
  const path = userPath(file);
  if (existsSync(path))
    throw new CommandError(`${file} is there already; a key is never overwritten`, exitCodes.failed);
  const { makeBackupKeys } = await import('@wardline/server');
  const { identity, recipient } = await makeBackupKeys();
  writeFileSync(path, `# public key: ${recipient}\n${identity}\n`, { mode: 0o600, flag: 'wx' });
  const text = `${recipient}\n`;
  if (!flags.json)
    process.stderr.write(
      `The secret half is in ${file}. Keep it far from the server, and twice; without it no backup is read.\n`,
    );
  await writeOut(flags.json ? `${JSON.stringify({ recipient })}\n` : text);
}

function secretFrom(file: string): string {
  try {
    const lines = readFileSync(userPath(file), 'utf8')
      .split('\n')
      .map((line) => line.trim());
    return lines.find((line) => line !== '' && !line.startsWith('#')) ?? '';
  } catch (error) {
    throw new CommandError(`${file} ${explainSystemError(error)}`, exitCodes.failed);
  }
}

interface MakeFlags extends ServerFlags {
  recipient?: string;
  passphraseFile?: string;
  reason: string;
  json?: boolean;
}

async function runMake(file: string, flags: MakeFlags): Promise<void> {
  const passphrase = flags.passphraseFile === undefined ? null : secretFrom(flags.passphraseFile);
  if ((flags.recipient === undefined) === (passphrase === null))
    throw new CommandError('name --recipient or --passphrase-file, one of them');
  const { base, token } = await serverAccess(flags);
  const answer = await fetch(new URL('api/v1/backups', base), {
    method: 'POST',
    redirect: 'error',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ recipient: flags.recipient ?? null, passphrase, reason: flags.reason }),
  }).catch((error: unknown) => {
    throw new CommandError(`cannot reach ${base.origin}: ${String(error)}`, exitCodes.failed);
  });
  if (!answer.ok || answer.body === null)
    throw new CommandError(`${base.origin}: ${await refusedWords(answer)}`, exitCodes.failed);
  const path = userPath(file);
  const bytes = await receive(answer.body, `${path}.part`);
  renameSync(`${path}.part`, path);
  await writeOut(
    flags.json
      ? `${JSON.stringify({ file: path, bytes })}\n`
      : `Written to ${file}: ${byteSize(bytes)}, encrypted.\n`,
  );
}

async function refusedWords(answer: Response): Promise<string> {
  const problem = problemSchema.safeParse(await answer.json().catch(() => null));
  return problem.success
    ? [problem.data.title, problem.data.detail].filter(Boolean).join('. ')
    : `it answered ${answer.status}`;
}

async function receive(body: ReadableStream<Uint8Array>, path: string): Promise<number> {
  const progress = createProgress(process.stderr, () => performance.now());
  let bytes = 0;
  const source = Readable.fromWeb(body as never);
  source.on('data', (piece: Buffer) => {
    bytes += piece.length;
    progress.step(`receiving the backup: ${byteSize(bytes)}`);
  });
  await pipeline(source, createWriteStream(path, { mode: 0o600 }));
  progress.clear();
  return bytes;
}

interface RestoreFlags {
  into: string;
  database?: string;
  at?: string;
  identity?: string;
  passphraseFile?: string;
  json?: boolean;
}

async function runRestore(from: string, flags: RestoreFlags): Promise<void> {
  if ((flags.identity === undefined) === (flags.passphraseFile === undefined))
    throw new CommandError('name --identity or --passphrase-file, one of them');
  const at = flags.at === undefined ? null : momentOf(flags.at);
  const by =
    flags.identity === undefined
      ? { passphrase: secretFrom(flags.passphraseFile!) }
      : { identity: secretFrom(flags.identity) };
  const { BackupFault } = await import('@wardline/server');
  const progress = createProgress(process.stderr, () => performance.now());
  try {
    const into = { dataDir: userPath(flags.into), databaseUrl: flags.database };
    const restored = await restoreFrom(userPath(from), { by, at, into }, (step) =>
      progress.step(`restoring: ${step}`),
    );
    progress.clear();
    await writeOut(flags.json ? `${JSON.stringify(restored)}\n` : restoredText(restored, flags));
  } catch (error) {
    progress.clear();
    if (error instanceof BackupFault)
      throw new CommandError(`not restored: ${error.message}`, exitCodes.failed);
    throw error;
  }
}

/** Microseconds since the epoch. Without a zone it is this machine's time. */
function momentOf(text: string): number {
  const moment = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(moment)) throw new CommandError(`--at ${text}: expected a moment as 2026-11-25T14:30:00Z`);
  return moment * 1000;
}

interface RestoreOf {
  by: { passphrase: string } | { identity: string };
  at: number | null;
  into: { dataDir: string; databaseUrl: string | undefined };
}

async function restoreFrom(
  path: string,
  { by, at, into }: RestoreOf,
  onProgress: (step: string) => void,
): Promise<Restored> {
  const { openStream, restoreBackup, restoreFolder } = await import('@wardline/server');
  if (statOf(path).isDirectory()) return restoreFolder({ folder: path, by, at }, into, onProgress);
  if (at !== null) throw new CommandError('--at needs the folder where backups and their changes lie');
  return restoreBackup(await openStream(createReadStream(path), by), into, onProgress);
}

function statOf(path: string) {
  try {
    return statSync(path);
  } catch (error) {
    throw new CommandError(`${path} ${explainSystemError(error)}`, exitCodes.failed);
  }
}

function restoredText(
  { at, acts, rows, tables, transactions }: Restored,
  { into, database }: Pick<RestoreFlags, 'into' | 'database'>,
): string {
  const when = new Date(at / 1000).toISOString();
  const behind = transactions === 0 ? '' : ` and ${counted(transactions, 'transaction')} behind them`;
  const place = database === undefined ? into : `the database and ${into}`;
  const start = `${database === undefined ? '' : 'DATABASE_URL=… '}wardline start --data ${into}`;
  return `Restored into ${place} as of ${when}: ${counted(rows, 'row')} of ${counted(tables, 'table')}${behind}; the ledger’s ${counted(acts, 'act')} were worked out anew and are whole.
Start it:  ${start}
`;
}
