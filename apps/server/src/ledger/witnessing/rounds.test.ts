import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import {
  type AddCheckpoint,
  type Checkpoint,
  createSigner,
  formatNote,
  judgeCheckpoint,
  parseAddCheckpoint,
  signNote,
  verifierText,
} from '@wardline/ledger';
import type { LedgerHead, LedgerVerification } from '@wardline/model';
import type pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WITNESS_ANSWER_BYTES } from '../../limits.ts';
import { Outgoing } from '../../outgoing/index.ts';
import { type Database, openDatabase } from '../../store/database.ts';
import { connect } from '../../testing/acts/stage.ts';
import { ledgerSeedOf } from '../../testing/ledger-seed.ts';
import { runServer, type TestServer } from '../../testing/running-server.ts';
import { Heads, ledgerSigner } from '../head.ts';
import { isWitnessPlace } from './request.ts';
import { WitnessRounds } from './rounds.ts';

const signer = createSigner('auditor.example', new Uint8Array(32).fill(4), 'cosignature');
let server: TestServer;
let client: pg.Client;
let database: Database;
let heads: Heads;
let rounds: WitnessRounds;
let witness: Server;
let last: Checkpoint | null = null;
/** Puts another answer in the witness's place. */
let instead: ((request: AddCheckpoint) => [status: number, body: string]) | null = null;

function answer(asked: string): [status: number, body: string] {
  const request = parseAddCheckpoint(asked);
  if (request === null) return [400, ''];
  if (instead !== null) return instead(request);
  const judgement = judgeCheckpoint(request, heads.signer.log, last);
  if (judgement.kind === 'conflict') return [409, `${judgement.size}\n`];
  if (judgement.kind !== 'continues') return [judgement.kind === 'unproved' ? 422 : 400, ''];
  last = judgement.head;
  const signature = signNote(judgement.text, signer, 1_795_590_000);
  return [
    200,
    formatNote({ text: judgement.text, signatures: [signature] }).slice(judgement.text.length + 1),
  ];
}

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [status, body] = answer(await text(request));
  response.writeHead(status).end(body);
}

const act = (tag: number) =>
  server.post('register/import', { csv: `Asset Tag,Serial Number\nW-${tag},S\n`, reason: 'an act' });
const witnessed = async () => (await server.get<LedgerHead>('ledger/checkpoint')).witnesses[0]!;

beforeAll(async () => {
  server = await runServer();
  client = await connect(server);
  const host = join(server.dataDir, 'socket');
  database = openDatabase({ host, user: 'wardline', database: 'wardline' }, () => {});
  const seed = await ledgerSeedOf(database, server.dataDir);
  const now = () => 1_795_590_000_000_000;
  heads = new Heads(database, ledgerSigner(seed), server.dataDir, now);
  const outgoing = new Outgoing({ hosts: new Set(), loopback: true });
  rounds = new WitnessRounds({
    database,
    heads,
    log: pino({ level: 'silent' }),
    outgoing,
    changed: () => {},
  });
  witness = createServer((request, response) => void respond(request, response));
  await new Promise<void>((resolve) => {
    witness.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(witness.address() as AddressInfo).port}`;
  const trusted = await server.post('ledger/witnesses', {
    key: verifierText(signer),
    url,
    reason: 'the auditor',
  });
  expect(trusted.status).toBe(200);
});
afterAll(async () => {
  await client?.end();
  await database?.destroy();
  await server?.close();
  witness?.close();
});
beforeEach(() => {
  instead = null;
});

it('has every head signed by a witness that takes heads', async () => {
  for (const tag of [1, 2, 3]) {
    await act(tag);
    await rounds.round();
    const { size } = await server.get<LedgerHead>('ledger/checkpoint');
    expect(await witnessed()).toMatchObject({ size, seenAt: expect.stringMatching(/^2026-11-25T07:00:00/) });
    expect(rounds.trouble('auditor.example')).toBeNull();
  }
  expect(await server.get<LedgerVerification>('ledger/verification')).toMatchObject({ whole: true });
});

it('goes on from where the witness is, where that is another place than was thought', async () => {
  await act(10);
  await rounds.round();
  await client.query('delete from ledger_cosignature');
  await act(11);
  await rounds.round();
  expect(rounds.trouble('auditor.example')).toBeNull();
  expect((await witnessed()).size).toBe(last!.size);
});

describe('says why a witness did not sign', () => {
  it.each<[string, (request: AddCheckpoint) => [number, string]]>([
    ['put back to an older state', () => [409, '999999\n']],
    ['rewritten', ({ old }) => [409, `${old}\n`]],
    ['does not begin with what it saw', () => [422, '']],
    ['does not know this ledger', () => [404, '']],
    ['it answered 503', () => [503, '']],
    ['its signature does not hold', () => [200, '— auditor.example AAAAAAAAAAAAAAAA\n']],
    ['its signature does not hold', () => [200, '']],
    ['too long', () => [200, 'x'.repeat(WITNESS_ANSWER_BYTES + 1)]],
    ['cannot be reached', () => [301, '']],
  ])('%s', async (words, other) => {
    await act(20 + Math.floor(performance.now()));
    instead = other;
    await rounds.round();
    expect(rounds.trouble('auditor.example')).toContain(words);
  });
});

it('takes places that nobody between can read, or on this machine', async () => {
  for (const place of [
    'https://witness.example',
    'http://127.0.0.1:7401/',
    'http://localhost',
    'http://[::1]:1/',
  ])
    expect(isWitnessPlace(new URL(place)), place).toBe(true);
  for (const place of [
    'http://witness.example',
    'ftp://127.0.0.1',
    'https://a:b@witness.example',
    'file:///etc/passwd',
  ])
    expect(isWitnessPlace(new URL(place)), place).toBe(false);
  const body = { key: verifierText(signer), url: 'http://witness.example', reason: 'a test' };
  expect((await server.post('ledger/witnesses', body)).status).toBe(400);
});
