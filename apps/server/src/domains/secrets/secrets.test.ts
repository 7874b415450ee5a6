import { randomUUID } from 'node:crypto';
import {
  type Checkout,
  formatMicros,
  type SecretDetail,
  type SecretList,
  type SecretWork,
} from '@wardline/model';
import type pg from 'pg';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../../context.ts';
import { Events } from '../../http/events.ts';
import { Keyring } from '../../keys/index.ts';
import { masterConfig } from '../../keys/master/source.ts';
import { openDatabase } from '../../store/database.ts';
import { openStage, type Stage } from '../../testing/acts/stage.ts';
import { canMakeDevices, SnmpDevice, SshDevice } from '../../testing/managed-devices.ts';
import { until } from '../../testing/running-server.ts';
import { askAs, type Somebody, signIn } from '../../testing/sign-in.ts';
import { type Connectors, connectors } from './connectors/index.ts';
import { keyChange, localizedKey } from './connectors/usm-keys.ts';
import { rotate, settle } from './rotate.ts';
import { sweep } from './rounds.ts';
import { openVersion, readSecret, versionsOf } from './store.ts';

const reason = 'a test of secrets';
const MINUTE = 60_000_000;
let stage: Stage;
let client: pg.Client;
let biomed: Somebody;
let network: Somebody;
let context: Context;
let skipped = 0;
const now = () => (Date.now() + skipped) * 1000;

beforeAll(async () => {
  stage = await openStage();
  client = stage.client;
  biomed = await signIn(client, 'Bea Biomed', 'biomedical-engineer');
  network = await signIn(client, 'Ned Network', 'network-engineer');
  await client.query(`update asset set ips = array['127.0.0.1']`);
  const { dataDir } = stage.server;
  const { host, user, database: name, password } = client as unknown as Record<string, string>;
  const database = openDatabase({ host, user, database: name, password } as never, () => {});
  const nothing = { secret: undefined, file: undefined, secretBefore: undefined, fileBefore: undefined };
  const keys = await Keyring.open({ database, config: masterConfig(nothing), dataDir, now });
  const log = { warn: () => {}, error: () => {} };
  const knowledge = { taxonomy: { groups: new Map([['network', { id: 'network', clinical: false }]]) } };
  context = { database, keys, now, log, knowledge, events: new Events() } as unknown as Context;
});
afterAll(async () => {
  context?.events.close();
  await context?.database.destroy();
  await client?.end();
  await stage?.server.close();
});

const ask = (who: Somebody, path: string, body?: object) =>
  askAs(stage.server.url, who, body === undefined ? 'GET' : 'POST', `secrets${path}`, body);
async function answer<T>(who: Somebody, path: string, body?: object): Promise<T> {
  const response = await ask(who, path, body);
  expect(response.status, await response.clone().text()).toBe(200);
  return (await response.json()) as T;
}
let accounts = 0;
const account = () => {
  accounts += 1;
  return `account-${accounts}`;
};
const kept = (changes: object = {}) => ({
  asset: stage.assets[0]!.id,
  account: account(),
  kind: 'kept',
  value: { password: 'on-the-label-7' },
  reason,
  ...changes,
});
const adopted = async (changes: object = {}) => (await answer<{ id: string }>(biomed, '', kept(changes))).id;
const detail = (id: string) => answer<SecretDetail>(biomed, `/${id}`);

it('stretches passwords and hides new keys as RFC 3414 has it in its examples', () => {
  const engine = Buffer.from('000000000000000000000002', 'hex');
  // RFC 3414 §A.3.2, §A.5.2
  const key = localizedKey('sha1', 'maplesyrup', engine);
  expect(key.toString('hex')).toBe('6695febc9288e36282235fc7151f128497b38f3f');
  const next = localizedKey('sha1', 'newsyrup', engine);
  expect(next.toString('hex')).toBe('78e2dcce79d59403b58c1bbaa5bff46391f1cd25');
  const changed = keyChange('sha1', key, next, Buffer.alloc(20));
  expect(changed.subarray(20).toString('hex')).toBe('9c1017f4fd483d2de8d5fadbf84392cb06457051');
});

describe('a secret in keeping', () => {
  it('lies sealed by the key of its zone, and is in no list, act or log', async () => {
    const id = await adopted({ value: { password: 'never-seen-anywhere-42' } });
    const whole =
      await client.query(`select (select string_agg(to_jsonb(s)::text, '') from device_secret s) as a,
      (select string_agg(encode(sealed, 'escape'), '') from device_secret_version) as b,
      (select string_agg(entry, '') from ledger) as c, (select string_agg(value, '') from ledger_personal) as d,
      (select string_agg(wrapped::text, '') from data_key where zone like 'devices:%') as keys`);
    expect(JSON.stringify(whole.rows)).not.toContain('never-seen-anywhere');
    expect(whole.rows[0].keys).not.toBeNull();
    expect(JSON.stringify([await detail(id), await answer(biomed, '')])).not.toContain('never-seen-anywhere');
  });

  it('is taken out with a reason, for a time, by one person at a time, and told in that answer alone', async () => {
    const id = await adopted();
    expect((await ask(biomed, `/${id}/checkouts`, { minutes: 30 })).status).toBe(400);
    const given = await answer<Checkout>(biomed, `/${id}/checkouts`, { minutes: 30, reason });
    expect(given).toMatchObject({ values: [{ name: 'Password', value: 'on-the-label-7' }] });
    expect((await ask(network, `/${id}/checkouts`, { minutes: 30, reason })).status).toBe(409);
    expect(await detail(id)).toMatchObject({ held: { by: biomed.actor, name: 'Bea Biomed' } });
    const analyst = await signIn(client, 'Ana Analyst', 'security-analyst');
    const stale = await signIn(client, 'Sam Stale', 'biomedical-engineer', { steppedUp: false });
    for (const who of [analyst, stale])
      expect((await ask(who, `/${id}/checkouts`, { minutes: 30, reason })).status).toBe(403);
    await answer(biomed, `/${id}/checkouts/${given.checkout}/return`, {});
    expect(await detail(id)).toMatchObject({ held: null, rotation: { state: 'proposed', cause: 'return' } });
    const told = (await detail(id)).history.map(({ text }) => text);
    expect(told).toEqual([
      'Returned.',
      `Taken out for 30 minutes. ${reason}`,
      `Taken into keeping. ${reason}`,
    ]);
  });

  it('counts as returned when its time is over, and is to be changed when somebody who had it leaves, or when it is due', async () => {
    const [out, left, due] = [await adopted(), await adopted(), await adopted({ everyDays: 1 })];
    const leaver = await signIn(client, 'Lea Leaver', 'biomedical-engineer');
    await answer(biomed, `/${out}/checkouts`, { minutes: 5, reason });
    const { checkout } = await answer<Checkout>(leaver, `/${left}/checkouts`, { minutes: 5, reason });
    await answer(leaver, `/${left}/checkouts/${checkout}/return`, {});
    await answer(biomed, `/${left}/rotation/cancellation`, { reason });
    await client.query('update person set active = false where id = $1', [leaver.actor.slice(7)]);
    skipped = 2 * 24 * 3600 * 1000;
    await sweep(context);
    skipped = 0;
    expect(await detail(out)).toMatchObject({ held: null, rotation: { cause: 'return', state: 'proposed' } });
    expect(await detail(left)).toMatchObject({ rotation: { cause: 'departure' } });
    expect(await detail(due)).toMatchObject({ rotation: { cause: 'schedule' } });
    const { needs } = await answer<SecretList>(biomed, '?need=order');
    expect(needs.order).toBeGreaterThanOrEqual(3);
  });

  it('is spoken to an address of its own device only, whose key is pinned, and a device of care gets no standing order', async () => {
    const ssh = { kind: 'ssh-password', address: '127.0.0.1', port: 22, hostKey: `SHA256:${'A'.repeat(43)}` };
    for (const [changes, status] of [
      [{ ...ssh, address: '10.9.9.9' }, 400],
      [{ ...ssh, hostKey: undefined }, 400],
      [{ ...ssh, standing: true }, 409],
      [{ ...ssh, kind: 'ssh-key' }, 400],
      [{ ...ssh, account: 'a; reboot' }, 400],
      [{ asset: 'nothing' }, 404],
    ] as const)
      expect((await ask(biomed, '', kept(changes))).status, JSON.stringify(changes)).toBe(status);
  });

  it('is ordered to be changed within a window of a day at most, and not while somebody has it', async () => {
    const id = await adopted({
      kind: 'snmpv3',
      address: '127.0.0.1',
      port: 9,
      value: { authPassword: 'abcdefgh', privPassword: 'abcdefgh' },
    });
    const window = (from: number, to: number) => ({
      opens: formatMicros(now() + from),
      closes: formatMicros(now() + to),
      reason,
    });
    for (const [from, to] of [
      [MINUTE, 0],
      [-2 * MINUTE, -MINUTE],
      [MINUTE, 1442 * MINUTE],
      [32 * 1440 * MINUTE, 32 * 1440 * MINUTE + MINUTE],
    ])
      expect((await ask(biomed, `/${id}/rotation`, window(from!, to!))).status).toBe(400);
    await answer(biomed, `/${id}/rotation`, window(60 * MINUTE, 120 * MINUTE));
    expect(await detail(id)).toMatchObject({ rotation: { state: 'ordered', orderedBy: biomed.actor } });
    const { checkout } = await answer<Checkout>(biomed, `/${id}/checkouts`, { minutes: 5, reason });
    expect((await ask(biomed, `/${id}/rotation`, window(0, MINUTE))).status).toBe(409);
    await answer(biomed, `/${id}/checkouts/${checkout}/return`, {});
    skipped = 3 * 3600 * 1000;
    await sweep(context);
    skipped = 0;
    expect((await detail(id)).rotations[0]).toMatchObject({ state: 'missed', steps: [] });
  });

  it('is work where the sensor saw a default or shared credential, until the device has one of its own', async () => {
    const asset = stage.assets[1]!;
    await client.query(
      `insert into finding (id, scope, rule, title, severity, severity_rank, harms, asset_id, summary, remedy, first_seen, last_seen, count, evidence, opened_at)
       values ($1, 'asset', 'default-credential-accepted', 'Default credential', 'high', 3, '{}', $2, 'It let in admin.', '', 1, 2, 1, '[]', 2)`,
      [randomUUID(), asset.id],
    );
    const work = async () =>
      (await answer<SecretWork>(biomed, '/work')).items.filter((item) => item.asset === asset.id);
    expect(await work()).toMatchObject([{ rule: 'default-credential-accepted' }]);
    const id = await adopted({ asset: asset.id });
    expect(await work()).toHaveLength(1);
    await answer(biomed, `/${id}/value`, { value: { password: 'its-own-now-99' }, reason });
    expect(await work()).toEqual([]);
  });

  it('is destroyed when it is removed', async () => {
    const id = await adopted();
    await answer(biomed, `/${id}/removal`, { reason });
    expect((await ask(biomed, `/${id}`)).status).toBe(404);
    const { rows } = await client.query('select sealed, state from device_secret_version where secret = $1', [
      id,
    ]);
    expect(rows).toEqual([{ sealed: null, state: 'destroyed' }]);
  });
});

describe.skipIf(!canMakeDevices)('on real devices', () => {
  let ssh: SshDevice;
  let snmp: SnmpDevice;
  beforeAll(async () => {
    [ssh, snmp] = await Promise.all([SshDevice.start(), SnmpDevice.start()]);
  });
  afterAll(() => {
    ssh?.close();
    snmp?.close();
  });

  const first = ssh2.utils.generateKeyPairSync('ed25519');
  const place = () => ({
    address: '127.0.0.1',
    port: ssh.port,
    hostKey: ssh.hostKey,
    account: SshDevice.account,
  });
  let device = 0;
  const next = () => {
    device += 1;
    return stage.assets[device % stage.assets.length]!.id;
  };
  const byKey = () => ({ ...place(), asset: next(), kind: 'ssh-key', value: { privateKey: first.private } });
  const byPassword = (password: string) => ({
    ...place(),
    asset: next(),
    kind: 'ssh-password',
    value: { password },
  });
  const bySnmp = (authPassword: string, privPassword: string) => ({
    asset: next(),
    kind: 'snmpv3',
    address: '127.0.0.1',
    port: snmp.port,
    account: SnmpDevice.account,
    value: { authPassword, privPassword },
  });

  /** What the devices hold now, as the tests before left it. */
  let password = SshDevice.password;
  let pair: [string, string] = [SnmpDevice.authPassword, SnmpDevice.privPassword];
  const bodies = {
    'ssh-key': byKey,
    'ssh-password': () => byPassword(password),
    snmpv3: () => bySnmp(...pair),
  };

  const current = async (id: string) => {
    const version = (await versionsOf(context.database, id)).get('current')!;
    return openVersion(context, version);
  };
  const removed = (id: string) => answer(biomed, `/${id}/removal`, { reason });

  it('a person orders each change, the device has the new secret and refuses the old one, and each step is told', async () => {
    ssh.keys(['# a comment without an end', first.public]);
    const ids = [
      await adopted(byKey()),
      await adopted(bodies['ssh-password']()),
      await adopted(bodies.snmpv3()),
    ];
    const window = { opens: formatMicros(now() - MINUTE), closes: formatMicros(now() + 5 * MINUTE), reason };
    for (const id of ids) await answer(biomed, `/${id}/rotation`, window);
    for (const id of ids) {
      const { rotations, versions } = await until(
        () => detail(id),
        ({ rotation }) => rotation === null,
      );
      expect(rotations[0]).toMatchObject({
        state: 'done',
        said: 'The new secret holds, and the old one is refused.',
      });
      expect(rotations[0]!.steps.map(({ step }) => step)).toContain('let in by the new secret');
      expect(versions.map(({ state }) => state)).toEqual(['current', 'destroyed']);
    }
    const [key, word, words] = await Promise.all(ids.map(current));
    if (key?.kind !== 'key' || word?.kind !== 'password' || words?.kind !== 'snmpv3')
      throw new Error('other kinds');
    expect(ssh.letsIn(first.private)).toBe(false);
    expect(ssh.letsIn(key.privateKey)).toBe(true);
    expect(ssh.keys()).toEqual(['# a comment without an end', key.publicKey]);
    expect(snmp.letsIn(words.authPassword, words.privPassword)).toBe(true);
    expect(snmp.letsIn(...pair)).toBe(false);
    password = word.password;
    pair = [words.authPassword, words.privPassword];
    const { rows } = await client.query(
      `select count(*)::int as n from ledger where action = 'secret.rotation-start'`,
    );
    expect(rows[0].n).toBe(3);
    for (const id of ids) await removed(id);
  });

  it('tells no secret to whoever answers with another host key', async () => {
    const id = await adopted({ ...byPassword('whatever-1'), hostKey: `SHA256:${'A'.repeat(43)}` });
    const target = (await readSecret(context.database, id))!;
    expect(await connectors['ssh-password']!.asks(target, { kind: 'password', password: 'whatever-1' })).toBe(
      'away',
    );
    await removed(id);
  });

  /** Just before and after the word that changes the device, and after the ones that tell what became of it. */
  const cuts = (calls: number): [at: number, after: boolean][] => [
    [2, false],
    [2, true],
    [3, true],
    ...Array.from({ length: calls - 3 }, (_, index): [number, boolean] => [index + 4, true]),
  ];

  /** A run whose power is cut at one call to the device, before it or after it: nothing of it is ever heard again. */
  function cut(at: number, after: boolean): { connectors: Connectors; reached: Promise<void> } {
    let called = 0;
    let reach: () => void = () => {};
    const reached = new Promise<void>((resolve) => {
      reach = resolve;
    });
    const never = () => new Promise<never>(() => reach());
    const wrapped =
      <A extends unknown[], R>(call: (...given: A) => Promise<R>) =>
      async (...given: A): Promise<R> => {
        called += 1;
        const here = called === at;
        if (here && !after) return never();
        const result = await call(...given);
        return here ? never() : result;
      };
    const all = Object.entries(connectors).map(([kind, connector]) => [
      kind,
      connector && {
        asks: wrapped(connector.asks),
        gives: wrapped(connector.gives),
        takes: connector.takes && wrapped(connector.takes),
      },
    ]);
    return { connectors: Object.fromEntries(all) as Connectors, reached };
  }

  async function jobOf(id: string) {
    const [secret, { rows }] = [
      (await readSecret(context.database, id))!,
      await client.query(`select id, sent from secret_rotation where secret = $1 and state = 'ordered'`, [
        id,
      ]),
    ];
    return {
      rotation: rows[0].id as string,
      sent: rows[0].sent as boolean,
      secret,
      closes: now() + 60 * MINUTE,
      tries: 1,
    };
  }

  /** Far ahead, so that only the test takes it up. */
  const order = (id: string) =>
    answer(biomed, `/${id}/rotation`, {
      opens: formatMicros(now() + 600 * MINUTE),
      closes: formatMicros(now() + 660 * MINUTE),
      reason,
    });

  it.each([
    ['ssh-key', 5],
    ['ssh-password', 4],
    ['snmpv3', 4],
  ] as const)(
    '%s: cut off before or after any word to the device, it ends with one secret that holds',
    async (kind, calls) => {
      if (kind === 'ssh-key') ssh.keys([first.public]);
      const id = await adopted(bodies[kind]());
      for (const [at, after] of cuts(calls)) {
        await order(id);
        const broken = cut(at, after);
        void rotate({ context, connectors: broken.connectors }, await jobOf(id));
        await broken.reached;
        const job = await jobOf(id);
        const outcome = await rotate({ context, connectors }, job);
        expect(outcome, `${kind} cut at ${at}`).toMatchObject({ state: 'done' });
        await settle(context, job, outcome);
        const states = [...(await versionsOf(context.database, id)).keys()];
        expect(states).toEqual(['current']);
      }
      if (kind === 'ssh-key') expect(ssh.keys()).toHaveLength(1);
      await removed(id);
    },
  );
});
