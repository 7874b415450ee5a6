import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LedgerHead } from '@wardline/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatabasePair } from '../testing/database-pair.ts';
import { runServer, type TestServer } from '../testing/running-server.ts';
import { batch } from '../testing/synthetic.ts';
import { addressesOf } from './primary.ts';

it.each([
  ['postgresql://w@db/wardline', ['postgresql://w@db/wardline']],
  [
    'postgresql://w:p@a:5432,b:5433/wardline?sslmode=verify-full&target_session_attrs=read-write',
    [
      'postgresql://w:p@a:5432/wardline?sslmode=verify-full',
      'postgresql://w:p@b:5433/wardline?sslmode=verify-full',
    ],
  ],
  [
    'postgresql://w@/wardline?host=%2Frun%2Fone%2C%2Frun%2Ftwo',
    ['postgresql://w@/wardline?host=%2Frun%2Fone', 'postgresql://w@/wardline?host=%2Frun%2Ftwo'],
  ],
])('%s has the addresses %j', (url, addresses) => expect(addressesOf(url)).toEqual(addresses));

describe('a primary that dies', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wardline-pair-'));
  // The database's own user has to come through it.
  chmodSync(folder, 0o711);
  const pair = new DatabasePair(folder);
  let server: TestServer;

  beforeAll(async () => {
    await pair.start();
    server = await runServer({ databaseUrl: pair.url });
  }, 300_000);
  afterAll(async () => {
    await server?.close();
    await pair.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const send = async (number: number) => (await server.post('intake/batches', batch(number))).status;

  it('is followed by the one that was its standby, with everything that was acknowledged', async () => {
    for (const number of [1, 2, 3]) expect(await send(number)).toBe(200);
    expect((await server.post('people', { name: 'Anna', reason: 'a test' })).status).toBe(200);
    const before = await server.get<LedgerHead>('ledger/checkpoint');
    await pair.killPrimary();
    expect(await send(4)).toBe(503);
    await pair.promoteStandby();
    await expect.poll(() => send(4), { timeout: 90_000, interval: 100 }).toBe(200);
    expect(await server.get('intake/streams/test/made-up')).toEqual({ lastNumber: 4 });
    expect((await server.post('people', { name: 'Bert', reason: 'a test' })).status).toBe(200);
    const after = await server.get<LedgerHead>('ledger/checkpoint');
    expect(after.size).toBe(before.size + 1);
    expect(await (await server.raw('/ready')).json()).toEqual({ ready: true, waitingFor: null });
  });
});
