import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../../store/database.ts';
import { runServer, type TestServer } from '../../../testing/running-server.ts';
import { Attempts } from './attempts.ts';
import {
  FIRST_WAIT_MICROS,
  FORGOTTEN_MICROS,
  FREE_ATTEMPTS,
  LONGEST_WAIT_MICROS,
  WATCHED,
} from './limits.ts';

let server: TestServer;
let database: Database;
beforeAll(async () => {
  server = await runServer();
  const host = join(server.dataDir, 'socket');
  database = openDatabase({ host, user: 'wardline', database: 'wardline' }, () => {});
});
afterAll(async () => {
  await database?.destroy();
  await server?.close();
});

const key = new Uint8Array(32);
const NOW = 1_772_352_000_000_000;
/** As two servers on one database count them. */
const one = () => new Attempts(database, key);

async function fail(times: number, account: string, now = NOW): Promise<void> {
  for (let count = 0; count < times; count += 1) await one().failed(account, '10.0.0.9', now);
}

it('waits longer each time, up to a bound, for that account from that address only, at every server', async () => {
  await fail(FREE_ATTEMPTS, 'Anna');
  expect(await one().wait('anna', '10.0.0.9', NOW)).toBe(0);
  await fail(1, 'anna');
  expect(await one().wait('ANNA', '10.0.0.9', NOW)).toBe(FIRST_WAIT_MICROS);
  await fail(1, 'anna');
  expect(await one().wait('anna', '10.0.0.9', NOW)).toBe(2 * FIRST_WAIT_MICROS);
  await fail(60, 'anna');
  expect(await one().wait('anna', '10.0.0.9', NOW)).toBe(LONGEST_WAIT_MICROS);
  expect(await one().wait('anna', '10.0.0.1', NOW)).toBe(0);
  await one().succeeded('anna', '10.0.0.9');
  expect(await one().wait('anna', '10.0.0.9', NOW)).toBe(0);
});

it('counts attempts that come at once, each', async () => {
  await Promise.all(Array.from({ length: FREE_ATTEMPTS + 3 }, () => one().failed('bert', '10.0.0.9', NOW)));
  expect(await one().wait('bert', '10.0.0.9', NOW)).toBe(4 * FIRST_WAIT_MICROS);
});

it('forgets what is of before yesterday', async () => {
  await fail(FREE_ATTEMPTS + 4, 'carla');
  await fail(1, 'carla', NOW + FORGOTTEN_MICROS + 1);
  expect(await one().wait('carla', '10.0.0.9', NOW + FORGOTTEN_MICROS + 1)).toBe(0);
});

it('keeps within its bound with ever new names, and none of them in clear', async () => {
  await fail(1, 'a-password-typed-as-a-name');
  await sql`insert into sign_in_attempt select sha256(n::text::bytea), 1, ${NOW}, ${NOW + 1}
    from generate_series(1, ${WATCHED}) n`.execute(database);
  await one().failed('one more', '10.0.0.9', NOW + 2);
  const { rows } = await sql<{ n: number; text: string }>`
    select count(*) as n, string_agg(encode(key, 'escape'), ' ') as text from sign_in_attempt`.execute(
    database,
  );
  expect(rows[0]!.n).toBe(WATCHED);
  expect(rows[0]!.text).not.toContain('typed-as');
});
