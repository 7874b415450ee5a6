import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Cluster, openCluster } from '../store/cluster/cluster.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { MESSAGE_BYTES } from './limits.ts';
import { ServerLink } from './link.ts';
import { type Message, messageOf } from './message.ts';

const folder = mkdtempSync(join(tmpdir(), 'wardline-link-'));
let cluster: Cluster;
let database: Database;
let client: pg.Client;
beforeAll(async () => {
  cluster = await openCluster(folder, { died: () => {}, restarted: () => {}, givenUp: () => {} });
  database = openDatabase(cluster.connection, () => {});
  client = new pg.Client(cluster.connection);
  await client.connect();
});
const links: ServerLink[] = [];
afterEach(async () => {
  await Promise.all(links.splice(0).map((link) => link.close()));
});
afterAll(async () => {
  await client?.end();
  await database?.destroy();
  await cluster?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function linkOf(id: string) {
  const heard: Message[] = [];
  let deaf = 0;
  const link = new ServerLink({
    id,
    connection: cluster.connection,
    database,
    log: pino({ level: 'silent' }),
    heard: (message) => heard.push(message),
    deaf: () => {
      deaf += 1;
    },
  });
  links.push(link);
  await link.start();
  return { link, heard, deaf: () => deaf };
}

/** Ends a link's connection as the death of its machine does. */
const breakLink = (id: string) =>
  client.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [
    `wardline link ${id}`,
  ]);
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Has a turn until it is told to finish. */
async function holding(link: ServerLink): Promise<{ held: Promise<void>; finish: () => void }> {
  let finish = () => {};
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const held = link.take('job', () => {
    begin();
    return new Promise<void>((resolve) => {
      finish = resolve;
    });
  });
  await begun;
  return { held, finish: () => finish() };
}

it('tells other servers what has changed, gathered, and not itself', async () => {
  const [one, other] = [await linkOf('one'), await linkOf('other')];
  one.link.changed(['assets']);
  one.link.changed(['ledger', 'assets']);
  one.link.leave('person:7');
  await expect.poll(() => other.heard.length).toBe(2);
  expect(other.heard).toContainEqual({ from: 'one', changed: ['assets', 'ledger'] });
  expect(other.heard).toContainEqual({ from: 'one', leave: 'person:7' });
  expect(one.heard).toEqual([]);
});

it('gives a turn to one at a time, also within one server', async () => {
  const [one, other] = [await linkOf('one'), await linkOf('other')];
  let [running, most, runs] = [0, 0, 0];
  const work = async () => {
    running += 1;
    most = Math.max(most, running);
    await pause(20);
    running -= 1;
    runs += 1;
  };
  await Promise.all([one, one, other, other].map(({ link }) => link.take('job', work)));
  expect({ most, runs }).toEqual({ most: 1, runs: 4 });
});

it('lets jobs of other names run beside, and gives a turn back where the work fails', async () => {
  const { link } = await linkOf('one');
  await link.take('a', () => link.take('b', async () => {}));
  await expect(link.take('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await (await linkOf('other')).link.take('a', async () => {});
});

it('gives the turn of a server that died to the next, listens anew, and says that it was deaf', async () => {
  const [one, other] = [await linkOf('one'), await linkOf('other')];
  const { held, finish } = await holding(one.link);
  let taken = false;
  const next = other.link.take('job', async () => {
    taken = true;
  });
  await pause(400);
  expect(taken).toBe(false);
  await breakLink('one');
  await next;
  expect(taken).toBe(true);
  finish();
  await held;
  await expect.poll(one.deaf).toBe(1);
  await expect
    .poll(async () => {
      other.link.changed(['assets']);
      await pause(100);
      return one.heard.length;
    })
    .toBeGreaterThan(0);
});

it('does not run what still waits when the server is closed', async () => {
  const [one, other] = [await linkOf('one'), await linkOf('other')];
  const { held, finish } = await holding(one.link);
  let taken = false;
  const waiting = other.link.take('job', async () => {
    taken = true;
  });
  await pause(50);
  other.link.stopWaiting();
  await waiting;
  expect(taken).toBe(false);
  finish();
  await held;
});

it.each([
  ['nothing', ''],
  ['no JSON', '{'],
  ['another version’s', '{"from":"x","later":1}'],
  ['a list that is none', '{"from":"x","changed":["secrets of the world"]}'],
  ['too long', JSON.stringify({ from: 'x', leave: 'a'.repeat(MESSAGE_BYTES) })],
])('takes %s for no message', (_, payload) => {
  expect(messageOf(payload)).toBeNull();
});
