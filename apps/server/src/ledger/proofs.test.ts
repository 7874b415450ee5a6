import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import {
  createSigner,
  ExportReader,
  formatNote,
  leafHash,
  parseNote,
  parseVerifier,
  signNote,
  tilePath,
  verifierText,
  verifyConsistency,
  verifyInclusion,
} from '@wardline/ledger';
import type { LedgerHead, LedgerProof, LedgerVerification } from '@wardline/model';
import { type RawBuilder, sql } from 'kysely';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../store/database.ts';
import { connect } from '../testing/acts/stage.ts';
import { ledgerSeedOf } from '../testing/ledger-seed.ts';
import { runServer, type TestServer } from '../testing/running-server.ts';

import { type LedgerSigner, ledgerSigner } from './head.ts';
import { verifyLedger } from './verify.ts';

let server: TestServer;
let client: pg.Client;
const hash = (text: string) => Buffer.from(text, 'hex');
const act = (tag: number, reason = `act of ${tag}`) =>
  server.post('register/import', { csv: `Asset Tag,Serial Number\nT-${tag},S-${tag}\n`, reason });

beforeAll(async () => {
  server = await runServer();
  client = await connect(server);
  for (let tag = 1; tag <= 20; tag += 1) await act(tag);
});
afterAll(async () => {
  await client?.end();
  await server?.close();
});

it('proves every act to whoever has the signed head', async () => {
  for (let sequence = 1; sequence <= 20; sequence += 1) {
    const { text, proof, head, entry } = await server.get<LedgerProof>(`ledger/${sequence}`);
    const place = { leaf: leafHash(Buffer.from(text)), index: sequence - 1, size: head.size };
    expect(verifyInclusion({ ...place, root: hash(head.root), proof: proof.map(hash) })).toBe(true);
    expect(entry).toMatchObject({
      sequence,
      actor: 'command line',
      reason: `act of ${sequence}`,
      erased: [],
    });
    expect(text).not.toContain('act of');
  }
  expect((await server.raw('/api/v1/ledger/999')).status).toBe(404);
});

it('proves that a later ledger begins with an earlier one', async () => {
  const before = await server.get<LedgerHead>('ledger/checkpoint');
  for (let tag = 30; tag < 37; tag += 1) await act(tag);
  const after = await server.get<LedgerHead>('ledger/checkpoint');
  expect(after.size).toBe(before.size + 7);
  const { proof } = await server.get<{ proof: string[] }>(
    `ledger/consistency?from=${before.size}&to=${after.size}`,
  );
  const roots = { firstRoot: hash(before.root), secondRoot: hash(after.root) };
  expect(
    verifyConsistency({ first: before.size, second: after.size, ...roots, proof: proof.map(hash) }),
  ).toBe(true);
});

it('is exported so that a public key is enough to verify it', async () => {
  const { key } = await server.get<LedgerHead>('ledger/checkpoint');
  const text = await (await server.raw('/api/v1/ledger/export')).text();
  const reader = new ExportReader(parseVerifier(key)!);
  for (const line of text.trimEnd().split('\n')) expect(reader.take(line)).toBeNull();
  expect(reader.end()).toMatchObject({ entries: expect.any(Number), erased: 0 });
});

it('serves tiles and bundles as other logs do', async () => {
  const { size } = await server.get<LedgerHead>('ledger/checkpoint');
  const at = (path: string) => server.raw(`/api/v1/ledger/log/${path}`);
  const tile = await at(tilePath({ level: 0, index: 0, width: size }));
  expect((await tile.arrayBuffer()).byteLength).toBe(32 * size);
  const bundle = await at(tilePath({ level: 'entries', index: 0, width: size }));
  expect(Buffer.from(await bundle.arrayBuffer()).readUInt16BE(0)).toBeGreaterThan(100);
  expect((await at(tilePath({ level: 0, index: 0, width: size + 1 }))).status).toBe(404);
  expect(await (await at('checkpoint')).text()).toContain(`\n${size}\n`);
});

it('erases what people could be known by, and every proof goes on to hold', async () => {
  await server.post('ledger/erasures', { who: 'register', reason: 'asked for by the person' });
  const { entry, personal, text, proof, head } = await server.get<LedgerProof>('ledger/3');
  expect(entry).toMatchObject({ reason: null, erased: ['reason'] });
  expect(personal).toEqual({});
  const place = { leaf: leafHash(Buffer.from(text)), index: 2, size: head.size };
  expect(verifyInclusion({ ...place, root: hash(head.root), proof: proof.map(hash) })).toBe(true);
  expect(await server.get<LedgerVerification>('ledger/verification')).toMatchObject({
    whole: true,
    faults: [],
  });
});

describe('a change of any byte behind the ledger is found', () => {
  type Kind = 'text' | 'bytes' | 'number' | 'json';
  const columns: [table: string, column: string, kind: Kind][] = [
    ['ledger', 'sequence', 'number'],
    ['ledger', 'entry', 'text'],
    ['ledger', 'actor', 'text'],
    ['ledger', 'action', 'text'],
    ['ledger', 'subject', 'text'],
    ['ledger', 'at', 'number'],
    ['ledger', 'changes', 'json'],
    ['ledger', 'reason', 'text'],
    ['ledger_node', 'hash', 'bytes'],
    ['ledger_node', 'index', 'number'],
    ['ledger_node', 'level', 'number'],
    ['ledger_checkpoint', 'note', 'text'],
    ['ledger_checkpoint', 'size', 'number'],
    ['ledger_personal', 'value', 'text'],
    ['ledger_personal', 'salt', 'bytes'],
    ['ledger_personal', 'name', 'text'],
    ['ledger_personal', 'sequence', 'number'],
    ['ledger_witness', 'key', 'text'],
    ['ledger_witness', 'name', 'text'],
    ['ledger_witness', 'url', 'text'],
    ['ledger_cosignature', 'line', 'text'],
    ['ledger_cosignature', 'name', 'text'],
    ['ledger_cosignature', 'size', 'number'],
  ];
  /** Some at each run; thousands by `WARDLINE_TAMPERINGS=1000`. */
  const rounds = Number(process.env.WARDLINE_TAMPERINGS ?? 8);
  let database: Database;
  let signer: LedgerSigner;

  beforeAll(async () => {
    const host = join(server.dataDir, 'socket');
    database = openDatabase({ host, user: 'wardline', database: 'wardline' }, () => {});
    signer = ledgerSigner(await ledgerSeedOf(database, server.dataDir));
    await act(100, 'a reason that is there');
    const witness = createSigner('witness.example', new Uint8Array(32).fill(3), 'cosignature');
    await server.post('ledger/witnesses', { key: verifierText(witness), reason: 'outside the hospital' });
    const { note } = await server.get<LedgerHead>('ledger/checkpoint');
    const parsed = parseNote(note)!;
    const cosigned = {
      ...parsed,
      signatures: [...parsed.signatures, signNote(parsed.text, witness, 1_700_000_000)],
    };
    const answer = await server.post('ledger/cosignatures', { note: formatNote(cosigned) });
    expect(await answer.json()).toEqual({ kept: ['witness.example'] });
  });
  afterAll(() => database?.destroy());

  /** The owner of the tables can switch every guard of the database off; the hashes it cannot. Nothing of it is kept. */
  async function faultsAfter(change: RawBuilder<unknown>): Promise<number> {
    const undone = new Error('undone');
    let faults = -1;
    const work = database.transaction().execute(async (transaction) => {
      for (const table of new Set(columns.map(([name]) => name)))
        await sql`alter table ${sql.table(table)} disable trigger user`.execute(transaction);
      await sql`alter table ledger_cosignature drop constraint ledger_cosignature_size_fkey`.execute(
        transaction,
      );
      await sql`alter table ledger_cosignature drop constraint ledger_cosignature_name_fkey`.execute(
        transaction,
      );
      await sql`alter table ledger_personal drop constraint ledger_personal_sequence_fkey`.execute(
        transaction,
      );
      await change.execute(transaction);
      faults = (await verifyLedger(transaction, signer)).faults.length;
      throw undone;
    });
    await work.catch((error: unknown) => expect(error).toBe(undone));
    return faults;
  }

  it('and nothing is found where nothing was changed', async () => {
    expect(await faultsAfter(sql`select 1`)).toBe(0);
  });

  it('in every column of every table', async () => {
    // How far acts were sent to a collector proves nothing, and can be worked out anew.
    const { rows } = await sql<{ name: string }>`select table_name || '.' || column_name as name
      from information_schema.columns where table_schema = 'public' and table_name like 'ledger%'
      and table_name <> 'ledger_delivery'`.execute(database);
    const tried = columns.map(([table, column]) => `${table}.${column}`);
    expect(tried.toSorted()).toEqual(rows.map(({ name }) => name).toSorted());
  });

  it.each(columns)('%s.%s', async (table, column, kind) => {
    const [from, name] = [sql.table(table), sql.ref(column)];
    const read = kind === 'bytes' ? sql`encode(${name}, 'hex')` : sql`${name}::text`;
    const { rows } = await sql<{ place: string; value: string | null }>`
      select ctid::text as place, ${read} as value from ${from}`.execute(database);
    expect(rows.length).toBeGreaterThan(0);
    for (let round = 0; round < rounds; round += 1) {
      const { place, value } = rows[randomInt(rows.length)]!;
      const changed = tampered(value, kind);
      const types = {
        bytes: sql`decode(${changed}, 'hex')`,
        number: sql`${changed}::bigint`,
        json: sql`${changed}::jsonb`,
        text: sql`${changed}`,
      };
      const update = sql`update ${from} set ${name} = ${types[kind]} where ctid = ${place}::tid`;
      expect(await faultsAfter(update), `${table}.${column}: ${value} → ${changed}`).toBeGreaterThan(0);
    }
  });

  function tampered(value: string | null, kind: Kind): string {
    if (value === null || value === '') return 'x';
    // Beyond every number that is there, and within a level's small integer.
    if (kind === 'number') return String(Number(value) + 20_000 + randomInt(1000));
    if (kind === 'json') return otherJson(value);
    return flip(value, kind === 'bytes' ? '0123456789abcdef' : 'abcdefghijklmnopqrstuvwxyz');
  }

  /** Another letter or digit within one of its texts or numbers. */
  function otherJson(value: string): string {
    const places = [...value.matchAll(/[a-zA-Z1-8](?=[\w ]*["}])/g)].map(({ index }) => index);
    if (places.length === 0) return '{"x": 1}';
    const at = places[randomInt(places.length)]!;
    const other = /\d/.test(value[at]!) ? '9' : value[at] === 'z' ? 'y' : 'z';
    return `${value.slice(0, at)}${other}${value.slice(at + 1)}`;
  }

  function flip(value: string, letters: string): string {
    const at = randomInt(value.length);
    const letter = letters[(letters.indexOf(value[at]!) + 1) % letters.length]!;
    return `${value.slice(0, at)}${letter}${value.slice(at + 1)}`;
  }

  it.each([
    ['ledger', 'sequence = (select max(sequence) from ledger)'],
    ['ledger', 'sequence = 5'],
    ['ledger_node', 'level = 1 and index = 2'],
    ['ledger_personal', 'sequence = (select max(sequence) from ledger_personal)'],
    ['ledger_witness', 'true'],
  ])('a row of %s taken out (%s)', async (table, where) => {
    expect(await faultsAfter(sql`delete from ${sql.table(table)} where ${sql.raw(where)}`)).toBeGreaterThan(
      0,
    );
  });

  it.each([
    ['ledger_node', sql`select level, index + 20000, hash from ledger_node limit 1`],
    [
      'ledger_checkpoint',
      sql`select 3, note from ledger_checkpoint where size <> 3 order by size desc limit 1`,
    ],
    ['ledger_personal', sql`select sequence, 'note', salt, value from ledger_personal limit 1`],
    ['ledger_witness', sql`select 'other.example', key from ledger_witness`],
    ['ledger_cosignature', sql`select 2, name, line from ledger_cosignature`],
  ])('a row of %s put in', async (table, row) => {
    expect(await faultsAfter(sql`insert into ${sql.table(table)} ${row}`)).toBeGreaterThan(0);
  });

  it('a text that is taken out after its person’s texts were erased', async () => {
    // `register` was erased before; a later act of the same subject still has its text.
    const last = sql`select max(sequence) from ledger where subject = 'register'`;
    expect(await faultsAfter(sql`delete from ledger_personal where sequence = (${last})`)).toBeGreaterThan(0);
  });
});

it('is walked through as it was at one moment, while acts go on being written', async () => {
  const busy = Promise.all(Array.from({ length: 40 }, (_, tag) => act(300 + tag)));
  for (let round = 0; round < 3; round += 1) {
    await server.get('ledger/checkpoint');
    expect(await server.get<LedgerVerification>('ledger/verification')).toMatchObject({
      whole: true,
      faults: [],
    });
  }
  await busy;
});

it('signs no head over a database that was put back to an older state', async () => {
  await act(200);
  await server.get('ledger/checkpoint');
  const tables = ['ledger', 'ledger_node', 'ledger_checkpoint'];
  for (const table of tables) await client.query(`alter table ${table} disable trigger user`);
  const { rows } = await client.query<{ n: number }>('select max(sequence)::int as n from ledger');
  await client.query('delete from ledger_personal where sequence = $1', [rows[0]!.n]);
  await client.query('delete from ledger_node where level = 0 and index = $1', [rows[0]!.n - 1]);
  await client.query('delete from ledger_checkpoint where size = $1', [rows[0]!.n]);
  await client.query('delete from ledger where sequence = $1', [rows[0]!.n]);
  const answer = await server.raw('/api/v1/ledger/checkpoint');
  expect(answer.status).toBe(500);
  expect(await answer.json()).toMatchObject({
    code: 'ledger-broken',
    detail: expect.stringContaining('older than it was'),
  });
  expect(await server.get<LedgerVerification>('ledger/verification')).toMatchObject({
    whole: false,
    faults: [{ table: 'ledger_checkpoint', message: expect.stringContaining('older than it was') }],
  });
});
