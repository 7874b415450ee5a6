import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ADD_CHECKPOINT_BYTES,
  addCheckpointText,
  checkNote,
  checkpointText,
  createSigner,
  Frontier,
  formatNote,
  leafHash,
  parseNote,
  signNote,
} from '@wardline/ledger';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { wardline } from '../../testing/run.ts';
import { listenAsWitness } from './witness-server.ts';
import { WitnessState } from './witness-state.ts';

const folder = mkdtempSync(join(tmpdir(), 'wardline-witness-'));
const log = createSigner('hospital.example', Buffer.alloc(32, 1));
let server: Server;
let port: number;
let state: WitnessState;
const heard: string[] = [];

function rootOf(size: number, from: string): Uint8Array {
  const tree = new Frontier();
  for (let index = 0; index < size; index += 1) tree.grow(leafHash(Buffer.from(`${from} ${index}`)));
  return tree.root();
}

function head(size: number, from = 'act', signer = log): string {
  const text = checkpointText({ origin: log.name, size, root: rootOf(size, from) });
  return formatNote({ text, signatures: [signNote(text, signer)] });
}

const send = (body: string, path = '/add-checkpoint', method = 'POST') =>
  fetch(`http://127.0.0.1:${port}${path}`, { method, ...(method === 'GET' ? {} : { body }) });
const ask = (old: number, note: string, proof: Uint8Array[] = []) =>
  send(addCheckpointText({ old, proof, note }));

beforeAll(async () => {
  state = new WitnessState(folder, 'auditor.example');
  const place = { host: '127.0.0.1', port: 0 };
  ({ server, port } = await listenAsWitness(place, state, log, ({ kind }) => heard.push(kind)));
});
afterAll(() => {
  server?.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => rmSync(join(folder, 'last-head'), { force: true }));

it('signs a head that continues the last, and keeps it before it answers', async () => {
  const note = head(2);
  const answer = await ask(0, note);
  expect(answer.status).toBe(200);
  const signed = parseNote(`${note}${await answer.text()}`)!;
  expect(checkNote(signed, [log, state.signer])).toMatchObject({
    signedBy: [{}, { seconds: expect.any(Number) }],
  });
  expect(readFileSync(join(folder, 'last-head'), 'utf8')).toContain('\n2\n');
  // From two acts to three the proof is the third's leaf.
  expect((await ask(2, head(3), [leafHash(Buffer.from('act 2'))])).status).toBe(200);
  expect((await ask(3, head(3))).status).toBe(200);
  expect(heard.at(-1)).toBe('continues');
});

describe('refuses', () => {
  it.each<[string, number, () => Promise<Response>]>([
    ['an older ledger', 400, () => ask(2, head(1))],
    ['another key', 403, () => ask(2, head(3, 'act', createSigner(log.name, Buffer.alloc(32, 2))))],
    ['another ledger', 404, () => ask(2, head(3).replaceAll('hospital.example', 'other.example'))],
    ['what was rewritten', 422, () => ask(2, head(3, 'other'), [leafHash(Buffer.from('other 2'))])],
    ['what is no request', 400, () => send('old 2')],
    ['a request that is too long', 413, () => send('x'.repeat(ADD_CHECKPOINT_BYTES + 1))],
    ['another path', 404, () => send('', '/')],
    ['another method', 405, () => send('', '/add-checkpoint', 'GET')],
  ])('%s with %i', async (_name, status, request) => {
    await ask(0, head(2));
    expect((await request()).status).toBe(status);
    expect(readFileSync(join(folder, 'last-head'), 'utf8')).toContain('\n2\n');
  });

  it('what continues another head than the last, and says how many acts that had', async () => {
    await ask(0, head(2));
    const answer = await ask(0, head(3));
    expect(answer.status).toBe(409);
    expect(answer.headers.get('content-type')).toBe('text/x.tlog.size');
    expect(await answer.text()).toBe('2\n');
  });

  it('everything where it cannot read what it signed last', async () => {
    writeFileSync(join(folder, 'last-head'), 'torn');
    expect((await ask(0, head(2))).status).toBe(500);
  });
});

it('listens only with the ledger’s key, at a place that is one', async () => {
  const witness = ['ledger', 'witness', '--state', folder, '--name', 'auditor.example', '--listen'];
  expect((await wardline([...witness, '127.0.0.1:0'])).stderr).toContain('--listen needs --key');
  writeFileSync(join(folder, 'log.key'), readFileSync(join(folder, 'witness-seed')));
  const wrong = await wardline([...witness, 'nowhere', '--key', join(folder, 'log.key')]);
  expect(wrong.code).not.toBe(0);
});
