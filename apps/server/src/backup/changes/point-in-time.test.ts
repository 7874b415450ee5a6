import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  createReadStream,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifierText } from '@wardline/ledger';
import type { BackupList, LedgerVerification } from '@wardline/model';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer } from '../../index.ts';
import { ledgerSigner } from '../../ledger/head.ts';
import { openCluster } from '../../store/cluster/cluster.ts';
import { openDatabase } from '../../store/database.ts';
import { migrate } from '../../store/migrate.ts';
import { migrations } from '../../store/migrations/index.ts';
import { connect } from '../../testing/acts/stage.ts';
import { runServer, type TestServer, until } from '../../testing/running-server.ts';
import { batch } from '../../testing/synthetic.ts';
import { backupsIn, changesName, fullName, writeSealed } from '../folder.ts';
import { FrameReader } from '../frame-reader.ts';
import { type Header, readFrames } from '../frames.ts';
import { restoreFolder } from '../restore.ts';
import { makeBackupKeys, openStream } from '../seal.ts';
import { backupBytes } from '../write.ts';
import { followChanges } from './follow.ts';
import { type SegmentEnd, segmentBytes } from './segment.ts';
import { advanceTo, makeSlot, position, publish, publishAnew } from './slot.ts';

let folder: string;
let kept: string;
let keys: { identity: string; recipient: string };
let server: TestServer;
let client: pg.Client;
const reason = 'a test of moments';
const silent = { died: () => {}, restarted: () => {}, givenUp: () => {} };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wardline-moments-'));
  // As root the database runs as another user, who must get to its folder.
  chmodSync(folder, 0o711);
  kept = join(folder, 'kept');
  keys = await makeBackupKeys();
  const backups = { folder: kept, recipients: keys.recipient, changes: '1s' };
  server = await runServer({ backups });
  client = await connect(server);
}, 300_000);
afterAll(async () => {
  await client?.end();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function ask<T>(text: string, of = client): Promise<T> {
  const { rows } = await of.query<{ value: T }>(`select (${text}) as value`);
  return rows[0]!.value;
}

/** Every row of every table that is kept, as text. */
async function everything(of: pg.Client): Promise<Record<string, string | null>> {
  const { rows } = await of.query<{ name: string }>(`
    select relname as name from pg_class where relkind in ('r', 'p') and not relispartition
      and relnamespace = 'public'::regnamespace and relname not in ('session', 'challenge', 'backup_line', 'migration', 'sign_in_attempt', 'first_link') order by 1`);
  const parts = rows.map(
    ({ name }) => `(select string_agg(t::text, e'\\n' order by t::text) from ${name} t) as ${name}`,
  );
  const { rows: found } = await of.query<Record<string, string | null>>(`select ${parts.join(', ')}`);
  return found[0]!;
}

/** A moment, in microseconds, with all that was there then: before it and after it the same. */
async function moment(): Promise<{ at: number; held: Record<string, string | null> }> {
  for (;;) {
    const before = await everything(client);
    const at = Number(await ask('(extract(epoch from clock_timestamp()) * 1000000)::bigint'));
    const held = await everything(client);
    if (JSON.stringify(before) === JSON.stringify(held)) return { at, held };
  }
}

const written = (at: number) =>
  until(
    () => ask<string | null>('select until from backup_line where ended is null'),
    (time) => Number(time) > at,
  );

/** In a restored database of its own. */
async function within<T>(dataDir: string, work: (of: pg.Client) => Promise<T>): Promise<T> {
  const cluster = await openCluster(dataDir, silent);
  const of = new pg.Client(cluster.connection);
  await of.connect();
  try {
    return await work(of);
  } finally {
    await of.end();
    await cluster.close();
  }
}

const restore = (at: number | null, name: string, from = kept) =>
  restoreFolder({ folder: from, by: { identity: keys.identity }, at }, { dataDir: join(folder, name) });

it('is restored as it was between two acts, and its ledger goes on from there', async () => {
  await until(
    () => ask<string | null>('select until from backup_line where number > 1'),
    (time) => time !== null,
  );
  await server.post('people', { name: 'At one', reason });
  await server.post('intake/batches', batch(1, 6));
  await until(
    () => server.get<{ total: number }>('assets'),
    ({ total }) => total === 7,
  );
  const asset = await ask<string>('select min(id::text) from asset');
  await server.post(`assets/${asset}/approvals`, { field: 'location', value: 'Ward 2', reason });
  await server.post('people', { name: 'At two', reason });
  await client.query(
    'delete from conversation_slice where slice = (select min(slice) from conversation_slice)',
  );
  const { at, held } = await moment();
  await server.post('people', { name: 'At three', reason });
  await server.post('intake/batches', batch(2, 9));
  await client.query('truncate finding');
  const last = await moment();
  await written(last.at);

  const restored = await restore(at, 'two');
  expect(restored.transactions).toBeGreaterThan(5);
  expect(await within(join(folder, 'two'), everything)).toEqual(held);
  expect(JSON.stringify(held)).toContain('At two');
  const dataDir = join(folder, 'two');
  const again = await startServer({ dataDir, port: 0, log: 'silent', consoleDir: join(folder, 'none') });
  try {
    const headers = {
      authorization: `Bearer ${readFileSync(join(dataDir, 'cli-token'), 'utf8')}`,
      'content-type': 'application/json',
    };
    const body = JSON.stringify({ name: 'At four', reason });
    await fetch(`${again.url}/api/v1/people`, { method: 'POST', headers, body });
    const whole = await fetch(`${again.url}/api/v1/ledger/verification`, { headers });
    expect((await whole.json()) as LedgerVerification).toMatchObject({
      whole: true,
      entries: restored.acts + 1,
    });
  } finally {
    await again.close();
  }
}, 300_000);

it('is refused where changes are away, exchanged or altered, and where they do not reach', async () => {
  const now = (await moment()).at;
  await written(now);
  const by = { identity: keys.identity };
  const { name } = backupsIn(kept).find(({ kind }) => kind === 'full')!;
  const opened = await openStream(createReadStream(join(kept, name)), by);
  const about = await new FrameReader(readFrames(opened)).header();
  // A base that holds every transaction: what is in the files is looked at, and nothing is carried out.
  const holdsAll = { ...(about as Extract<Header, { is: 'backup' }>), snapshot: '2000000000:2000000000:' };
  const copy = join(folder, 'copy');
  const attempt = (time: number, change: (files: string[]) => void) => {
    rmSync(copy, { recursive: true, force: true });
    cpSync(kept, copy, { recursive: true });
    const files = readdirSync(copy).filter((one) => one.startsWith('changes'));
    change(files.toSorted().map((one) => join(copy, one)));
    const needs = { client, bringForward: async () => {}, onProgress: () => {} };
    return followChanges({ ...needs, folder: copy, by, about: holdsAll, until: time });
  };
  expect(await attempt(now, () => {})).toMatchObject({ until: now });
  await expect(attempt(now, (files) => rmSync(files[2]!))).rejects.toThrow(/reach to .* and no further/);
  await expect(attempt(now, (files) => renameSync(files[3]!, files[2]!))).rejects.toThrow(
    /files were exchanged/,
  );
  const alter = (files: string[]) => {
    const bytes = readFileSync(files[2]!);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(files[2]!, bytes);
  };
  await expect(attempt(now, alter)).rejects.toThrow(/was changed or is cut off/);
  await expect(attempt(now + 3_600_000_000, () => {})).rejects.toThrow(/reach to .* and no further/);
  await expect(restore(1, 'refused')).rejects.toThrow(/the oldest backup in .* is of 2/);
  expect(readdirSync(folder)).not.toContain('refused');
}, 300_000);

it('begins anew where the database gave up its log, is made when asked, and told with what is wrong', async () => {
  const line = () => ask<string>('select id from backup_line where ended is null');
  const before = await line();
  await client.query('select pg_drop_replication_slot(slot_name) from pg_replication_slots');
  // One that began by itself meanwhile is let end.
  const asked = await until(
    () => server.post('backups/runs', { reason }),
    ({ status }) => status === 200,
  );
  const { id } = (await asked.json()) as { id: string };
  const list = await until(
    () => server.get<BackupList>('backups'),
    ({ items }) => items.some((run) => run.id === id && run.proved !== null),
  );
  expect(await line()).not.toBe(before);
  const run = list.items.find((item) => item.id === id)!;
  const digest = createHash('sha256')
    .update(readFileSync(join(kept, run.name!)))
    .digest('hex');
  expect(run).toMatchObject({ state: 'kept', digest, trouble: null, proofTrouble: null });
  expect(list).toMatchObject({ warnings: [], plan: { folder: kept, changes: 1, keep: 2_592_000 } });
  expect(list.reach!.from < list.reach!.to).toBe(true);
  const acts = await ask(
    `select string_agg(action, ' ' order by sequence) from ledger where subject = 'backup:${id}'`,
  );
  expect(acts).toBe('backup.run backup.keep backup.prove');
  expect(await (await server.raw('/metrics')).text()).toMatch(/wardline_backup_restorable 1\n/);
}, 300_000);

/** Another database on the same PostgreSQL, as a hospital's own would be. */
async function otherDatabase(name: string): Promise<pg.ClientConfig> {
  const place = {
    host: client.host,
  };
  const admin = new pg.Client({ ...place, user: 'wardline_admin', database: 'postgres' });
  await admin.connect();
  await admin.query(`create database ${name} owner wardline`);
  await admin.end();
  return { ...place, user: 'wardline', database: name };
}

it('goes through a step of the schema, and stands on a database of the hospital’s own', async () => {
  const connection = await otherDatabase('elsewhere');
  const database = openDatabase(connection, () => {});
  const of = new pg.Client(connection);
  await of.connect();
  const [place, line] = [join(folder, 'elsewhere-kept'), 'abcdefabcdef'];
  const names = migrations.map(({ name }) => name);
  const to = { recipients: [keys.recipient] };
  const write = async (number: number, before: string | null, most: number) => {
    let end: SegmentEnd | null = null;
    const segment = { line, number, before, to: await position(of) };
    const bytes = segmentBytes(of, segment, (found) => (end = found), most);
    const { digest } = await writeSealed(place, changesName(line, number), bytes, to);
    await advanceTo(of, end!.lsn);
    return { digest, isFull: end!.isFull };
  };
  try {
    await migrate(database, names.slice(0, names.indexOf('0032-backups')));
    await publish(of);
    await makeSlot(of);
    const { log, clock } = ledgerSigner(new Uint8Array(32));
    const bytes = backupBytes({
      connection,
      dataDir: folder,
      head: { origin: 'x', size: 0, root: '' },
      keys: { log: verifierText(log), clock: verifierText(clock) },
      follows: { line, next: 1 },
    });
    await writeSealed(place, fullName(Date.now() * 1000, line), bytes, to);
    await migrate(database);
    await publishAnew(connection);
    const insert = (time: number) =>
      of.query(
        `insert into backup_run (id, asked, actor, state) values (gen_random_uuid(), ${time}, 'server', 'waiting')`,
      );
    await insert(1);
    await insert(2);
    // So much as PostgreSQL gives at once, to the end of a transaction; then the rest.
    const first = await write(1, null, 1);
    const second = await write(2, first.digest, 1000);
    expect([first.isFull, second.isFull]).toEqual([true, false]);
    expect(await restore(null, 'stepped', place)).toMatchObject({
      transactions: names.length - names.indexOf('0032-backups') + 2,
    });
    const asked = await within(join(folder, 'stepped'), (there) =>
      ask('select array_agg(asked order by asked)::text from backup_run', there),
    );
    expect(asked).toBe('{1,2}');
  } finally {
    await of.end();
    await database.destroy();
  }
}, 300_000);
