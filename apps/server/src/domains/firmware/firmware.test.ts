import { loadKnowledge } from '@wardline/knowledge';
import type { FirmwareKey, FirmwareRelease, FirmwareStatus, RolloutDetail } from '@wardline/model';
import { parsePolicy, resolvePolicy } from '@wardline/policy';
import {
  download,
  lookUp,
  NOTHING,
  openImage,
  readFirmware,
  refresh,
  storeOf,
  type TrustedStore,
} from '@wardline/updates';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../store/database.ts';
import { connect } from '../../testing/acts/stage.ts';
import { Ceremony, repositoryOf, type SealedImage } from '../../testing/firmware-ceremony.ts';
import { runServer, type TestServer, until } from '../../testing/running-server.ts';
import { batch } from '../../testing/synthetic.ts';
import { holdFinding } from '../findings/index.ts';
import { readPolicyAssets } from '../segmentation/index.ts';
import { refreshPosture } from './posture.ts';

let server: TestServer;
let client: pg.Client;
let ceremony: Ceremony;
let key: FirmwareKey;
let image: SealedImage;
/** What the test's own device trusts, through all that happens. */
let device: TrustedStore;

beforeAll(async () => {
  server = await runServer();
  client = await connect(server);
  ceremony = new Ceremony(server);
  key = await ceremony.newKey();
  image = await ceremony.image('2.0', 7);
});
afterAll(async () => {
  await client?.end();
  await server?.close();
});

const session = () => ({ start: Date.now(), store: device, source: repositoryOf(server) });
const status = () => server.get<FirmwareStatus>('firmware');
const releases = async () => (await server.get<{ items: FirmwareRelease[] }>('firmware/releases')).items;

async function refused(response: Response): Promise<string> {
  expect(response.ok).toBe(false);
  return ((await response.json()) as { detail: string }).detail;
}

/** The device refreshes, and installs a version where it is given: the opened image, or why not. */
async function installs(version?: string): Promise<string> {
  const refreshed = await refresh(session());
  if (!refreshed.ok) return refreshed.fault.code;
  if (version === undefined) return 'ok';
  const found = await lookUp(session(), refreshed.value, `braun/infusomat/${version}.age`);
  if (!found.ok) return found.fault.code;
  const { target } = found.value;
  const sealed = download(repositoryOf(server), refreshed.value.root, target);
  const opened: Uint8Array[] = [];
  for await (const chunk of openImage(sealed, ceremony.identity, readFirmware(target))) opened.push(chunk);
  return Buffer.concat(opened).toString();
}

describe('the first publication', () => {
  it('takes no image in clear, cut off, or under another digest', async () => {
    const clear = { ...image, bytes: Buffer.from('an image in clear, as it left the factory') };
    expect(await refused(await ceremony.upload(clear))).toContain('not encrypted');
    expect(await refused(await ceremony.upload({ ...image, bytes: image.bytes.subarray(0, 90) }))).toContain(
      'digest',
    );
    expect(await refused(await ceremony.upload(image, 'ab'.repeat(32)))).toContain('digest');
    const kept = await client.query(
      'select (select count(*) from firmware_chunk) + (select count(*) from firmware_image) as n',
    );
    expect(kept.rows).toEqual([{ n: '0' }]);
  });

  it('needs a root, targets, the image, and a key of the server that the root names', async () => {
    const root = ['root', await ceremony.rootText(1, [key])] as const;
    const targets = ['targets', await ceremony.targetsText(1)] as const;
    const maker = ['braun', await ceremony.makerText(1, [image.target])] as const;
    expect(await refused(await ceremony.publish([targets]))).toContain('begins with a root');
    expect(await refused(await ceremony.publish([root]))).toContain('targets is not in the snapshot');
    expect(await refused(await ceremony.publish([root, targets]))).toContain('braun is not in the snapshot');
    expect(await refused(await ceremony.publish([root, targets, maker]))).toContain(
      'Upload the images first',
    );
    const stranger = { ...key, id: 'ab'.repeat(32) };
    const foreign = ['root', await ceremony.rootText(1, [stranger])] as const;
    expect(await refused(await ceremony.publish([foreign, targets, maker]))).toContain(
      'no key of the server',
    );
    const plain = { ...image.target, custom: {} };
    const unsaid = ['braun', await ceremony.makerText(1, [plain])] as const;
    expect((await ceremony.upload(image)).status).toBe(200);
    expect(await refused(await ceremony.publish([root, targets, unsaid]))).toContain(
      '"firmware" is no object',
    );
    expect((await status()).roles).toEqual([]);
  });

  it('brings a device from the factory to the image that was signed', async () => {
    const root = await ceremony.rootText(1, [key]);
    const documents = [
      ['root', root],
      ['targets', await ceremony.targetsText(1)],
      ['braun', await ceremony.makerText(1, [image.target])],
    ] as const;
    const published = await ceremony.publish(documents);
    expect(await published.json()).toEqual({ root: 1, snapshot: 1, timestamp: 1, images: 1 });
    device = storeOf(NOTHING, Buffer.from(root));
    expect(await installs('2.0')).toBe('image 2.0');
    expect(await installs('1.0')).toBe('not-listed');
    expect(await releases()).toMatchObject([
      { version: '2.0', securityVersion: 7, group: 'pumps', withdrawn: null },
    ]);
    expect((await status()).roles.map(({ role, version }) => `${role} ${version}`)).toEqual([
      'root 1',
      'timestamp 1',
      'snapshot 1',
      'targets 1',
      'braun 1',
    ]);
  });

  it('gives an image on from where a device was cut off', async () => {
    const path = `/api/v1/firmware/repository/targets/braun/infusomat/${image.target.sha256}.2.0.age`;
    const rest = await server.raw(path, { headers: { range: 'bytes=100-' } });
    expect(rest.status).toBe(206);
    expect(Buffer.from(await rest.arrayBuffer())).toEqual(image.bytes.subarray(100));
    expect((await server.raw(path.replace(image.target.sha256, 'ab'.repeat(32)))).status).toBe(404);
  });
});

it('a publication that ends in the middle, at whichever statement, leaves what was there', async () => {
  const next = await ceremony.image('2.1', 8);
  await ceremony.upload(next);
  const documents = [['braun', await ceremony.makerText(2, [image.target, next.target])]] as const;
  await client.query(
    `create function power_cut() returns trigger language plpgsql as $$ begin raise 'power cut'; end $$`,
  );
  for (const table of ['firmware_role', 'firmware_release', 'ledger']) {
    await client.query(`create trigger power_cut before insert on ${table} execute function power_cut()`);
    expect((await ceremony.publish(documents)).status).toBe(500);
    await client.query(`drop trigger power_cut on ${table}`);
    expect(await installs('2.0')).toBe('image 2.0');
    expect(await installs('2.1')).toBe('not-listed');
  }
  expect((await ceremony.publish(documents)).status).toBe(200);
  expect(await installs('2.1')).toBe('image 2.1');
});

it('nothing goes back, and nobody signs for another', async () => {
  const again = await ceremony.makerText(2, []);
  expect(await refused(await ceremony.publish([['braun', again]]))).toContain('braun 2 after 2');
  const forged = await ceremony.targetsText(3);
  expect(await refused(await ceremony.publish([['braun', forged]]))).toContain('signatures');
  expect(await refused(await ceremony.publish([['stray', await ceremony.makerText(1, [])]]))).toContain(
    'nobody delegates',
  );
});

it('what is listed no more is withdrawn', async () => {
  const newer = await ceremony.image('2.2', 9);
  await ceremony.upload(newer);
  expect((await ceremony.publish([['braun', await ceremony.makerText(3, [newer.target])]])).status).toBe(200);
  const listed = (await releases()).filter(({ withdrawn }) => withdrawn === null);
  expect(listed.map(({ version }) => version)).toEqual(['2.2']);
  expect(await installs('2.0')).toBe('not-listed');
  image = newer;
});

/** The procedure of docs/guides/firmware.md, step by step. */
describe('recovery from stolen keys', () => {
  it('the key of the server: another one is made, a root names it alone, and devices go on', async () => {
    const next = await ceremony.newKey();
    expect((await status()).keys.map(({ signs }) => signs)).toEqual([true, false]);
    expect(await installs()).toBe('ok');
    const published = await ceremony.publish([['root', await ceremony.rootText(2, [next])]]);
    expect(published.status).toBe(200);
    expect((await status()).keys.map(({ signs }) => signs)).toEqual([false, true]);
    expect(await installs('2.2')).toBe('image 2.2');
    key = next;
  });

  it('one key of root: the others take it out, and what it signs counts no more', async () => {
    const [stolen, kept] = ceremony.root as [Ceremony['root'][number], Ceremony['root'][number]];
    const fresh = new Ceremony(server).root[0]!;
    ceremony.root = [kept, fresh];
    const without = await ceremony.rootText(3, [key], [kept, fresh], 2);
    expect((await ceremony.publish([['root', without]])).status).toBe(200);
    expect(await installs('2.2')).toBe('image 2.2');
    const thief = await ceremony.rootText(4, [key], [stolen], 2);
    expect(await refused(await ceremony.publish([['root', thief]]))).toContain('0 of the 2 signatures');
    expect(
      await refused(await ceremony.publish([['root', await ceremony.rootText(4, [key], [kept], 2)]])),
    ).toContain('1 of the 2 signatures');
  });

  it('the key of targets: the next root names another, and a list that the thief signs is refused', async () => {
    const evil = await ceremony.image('6.6', 66);
    await ceremony.upload(evil);
    const thief = await ceremony.targetsText(3, [evil.target]);
    ceremony.targets = new Ceremony(server).targets;
    const published = await ceremony.publish([
      ['root', await ceremony.rootText(4, [key], ceremony.root, 2)],
      ['targets', await ceremony.targetsText(2)],
    ]);
    expect(published.status).toBe(200);
    expect(await installs('2.2')).toBe('image 2.2');
    expect(await refused(await ceremony.publish([['targets', thief]]))).toContain('0 of the 1 signatures');
    expect(await installs('6.6')).toBe('not-listed');
  });

  it('a maker’s key: the list at the top names another, and what the thief signs is refused', async () => {
    const evil = await ceremony.image('6.7', 67);
    await ceremony.upload(evil);
    const thief = await ceremony.makerText(5, [evil.target]);
    ceremony.maker = new Ceremony(server).maker;
    const published = await ceremony.publish([
      ['targets', await ceremony.targetsText(3)],
      ['braun', await ceremony.makerText(4, [image.target])],
    ]);
    expect(published.status).toBe(200);
    expect(await installs('2.2')).toBe('image 2.2');
    expect(await refused(await ceremony.publish([['braun', thief]]))).toContain('0 of the 1 signatures');
    expect(await installs('6.7')).toBe('not-listed');
  });
});

describe('a rollout', () => {
  const plan = {
    waves: [34, 100],
    mostFailed: 0,
    leastDone: 100,
    soakMinutes: 0,
    atOnce: 2,
    installMinutes: 30,
    silentMinutes: 60,
    kilobytesPerSecond: null,
    window: { fromHour: 0, hours: 24, timeZone: 'UTC' },
  };
  const path = 'braun/infusomat/2.2.age';
  let pumps: string[];
  let id: string;

  beforeAll(async () => {
    await server.post('intake/batches', batch(1, 6));
    const { items } = await until(
      () => server.get<{ items: { id: string }[] }>('assets'),
      (found) => found.items.length === 7,
    );
    pumps = items.slice(0, 3).map((asset) => asset.id);
    await client.query(
      `update asset set vendor = 'B. Braun', model = 'Infusomat', software = '2.0' where id = any($1)`,
      [pumps],
    );
    await seen('');
  });

  const seen = (application: string) =>
    client.query(`update conversation set application = $1, last_seen = $2`, [
      application,
      Date.now() * 1000,
    ]);
  const detail = () => server.get<RolloutDetail>(`firmware/rollouts/${id}`);
  const inWave = async (wave: number) =>
    (await detail()).devices.filter((one) => one.wave === wave).map(({ asset }) => asset);
  async function asks(asset: string, use = 'idle'): Promise<string | null> {
    const response = await server.post(`firmware/rollouts/${id}/devices/${asset}/question`, { use });
    return ((await response.json()) as { because: string | null }).because;
  }
  const ends = (asset: string, outcome: string) =>
    server.post(`firmware/rollouts/${id}/devices/${asset}/outcome`, { outcome, detail: 'as it was' });
  const step = (name: string) => server.post(`firmware/rollouts/${id}/steps`, { step: name, reason: 'test' });

  it('takes the devices of its model that run another version, once at a time', async () => {
    expect(
      (await server.post('firmware/rollouts', { path: 'braun/infusomat/1.0.age', plan, reason: 'test' }))
        .status,
    ).toBe(404);
    const made = await server.post('firmware/rollouts', { path, plan, reason: 'test' });
    ({ id } = (await made.json()) as { id: string });
    expect((await server.post('firmware/rollouts', { path, plan, reason: 'test' })).status).toBe(409);
    expect((await detail()).waves).toMatchObject([{ waiting: 2, allowed: 0 }, { waiting: 1 }]);
  });

  it('lets none begin that is in use, or of which nobody knows, or before its wave', async () => {
    const [[first], [late]] = [await inWave(0), await inWave(1)] as [[string], [string]];
    expect(await asks(first, 'in-use')).toBe('in-use');
    expect(await asks(first, 'unknown')).toBe('use-unknown');
    await seen('hl7');
    expect(await asks(first)).toBe('in-use');
    await client.query(`update conversation set last_seen = 1`);
    expect(await asks(first)).toBe('use-unknown');
    await seen('');
    expect(await asks(late)).toBe('later-wave');
    expect((await ends(first, 'done')).status).toBe(409);
    await step('pause');
    expect(await asks(first)).toBe('not-running');
    await step('resume');
    expect(await asks(first)).toBeNull();
  });

  it('halts by itself at one failure too many, and goes on when a person says so', async () => {
    const [first, second] = (await inWave(0)) as [string, string];
    expect(await (await ends(first, 'failed')).json()).toEqual({ state: 'halted' });
    expect(await asks(second)).toBe('not-running');
    expect((await detail()).devices.find(({ asset }) => asset === first)).toMatchObject({
      state: 'failed',
      because: 'as it was',
    });
    await step('resume');
    for (const asset of [first, second]) {
      expect(await asks(asset)).toBeNull();
      await ends(asset, 'done');
    }
    const [last] = (await inWave(1)) as [string];
    expect(await asks(last)).toBeNull();
    expect(await (await ends(last, 'done')).json()).toEqual({ state: 'finished' });
    const { rows } = await client.query(
      `select action, count(*)::int as n from ledger where action like 'rollout.%' group by 1 order by 1`,
    );
    expect(rows).toEqual([
      { action: 'rollout.begin', n: 4 },
      { action: 'rollout.make', n: 1 },
      { action: 'rollout.move', n: 3 },
      { action: 'rollout.report', n: 4 },
      { action: 'rollout.step', n: 3 },
    ]);
  });

  const day = (new Date().getUTCDay() + 6) % 7;
  const allDay = { day, fromHour: 0, hours: 24, timeZone: 'UTC', note: '', reason: 'test' };
  const maintain = (on: string, onId: string | null) =>
    server.post('maintenance-windows', { on, onId, ...allDay });

  /** The pumps run an old version again, and the plan is made with a change. */
  async function again(change: object): Promise<void> {
    await client.query(`update asset set software = '2.0' where id = any($1)`, [pumps]);
    const made = await server.post('firmware/rollouts', {
      path,
      plan: { ...plan, ...change },
      reason: 'test',
    });
    ({ id } = (await made.json()) as { id: string });
    await seen('');
  }

  it('keeps to the hours that people entered for a device, and begins nothing that would outlast them', async () => {
    await again({ window: null });
    const [first] = (await inWave(0)) as [string];
    expect(await asks(first)).toBe('no-window');
    expect((await maintain('asset', first)).status).toBe(200);
    expect(await asks(first)).toBeNull();
    await step('stop');
    await again({ window: null, installMinutes: 1440 });
    expect(await asks(first)).toBe('window-too-short');
    await client.query(`update maintenance_window set day = (day + 3) % 7`);
    expect(await asks(first)).toBe('outside-window');
    await step('stop');
    await again({});
    expect(await asks(first)).toBe('outside-window');
  });

  it('counts a device as failed that began and says nothing any more, and takes its word when it comes', async () => {
    await client.query(`update maintenance_window set removed = 1`);
    const [first, second] = (await inWave(0)) as [string, string];
    expect(await asks(first)).toBeNull();
    await client.query(`update firmware_rollout_device set heard = $1 where state = 'installing'`, [
      Date.now() * 1000 - plan.silentMinutes * 60_000_000,
    ]);
    expect(await asks(second)).toBe('not-running');
    expect((await detail()).state).toBe('halted');
    expect((await ends(first, 'done')).status).toBe(200);
    expect((await detail()).devices.find(({ asset }) => asset === first)?.state).toBe('done');
    expect((await ends(second, 'done')).status).toBe(409);
  });
});

it('policies may choose devices by how old their firmware is, in place of what nobody knows', async () => {
  const { host, user, password, database: name } = client;
  const database = openDatabase({ host, user, password, database: name }, () => {});
  const pumps = await client.query(
    `select id from asset where vendor = 'B. Braun' and model = 'Infusomat' order by id limit 3`,
  );
  const [old, current, unknown] = (pumps.rows as { id: string }[]).map(({ id }) => id);
  const postures = async (now: number) => {
    await refreshPosture(database, now);
    const { rows } = await client.query('select id, posture from asset where id = any($1)', [
      [old, current, unknown],
    ]);
    const byId = new Map(
      (rows as { id: string; posture: string[] }[]).map(({ id, posture }) => [id, posture]),
    );
    return [old, current, unknown].map((id) => byId.get(id!));
  };
  await client.query(
    `update asset set software = case id when $1 then '2.0' when $2 then '2.2' else '' end
    where id = any($3)`,
    [old, current, [old, current, unknown]],
  );
  const now = Date.now() * 1000;
  expect(await postures(now)).toEqual([['firmware-outdated'], ['firmware-current'], ['firmware-unknown']]);
  const later = await postures(now + 31 * 86_400_000_000);
  expect(later[0]).toEqual(['firmware-outdated', 'firmware-outdated-30-days']);
  // The zone that a policy keeps for those: it falls there when the grace is over, and comes out by what it is told to run.
  const { policy } = parsePolicy(`policy "House" version 1
zone pumps
  members vendor is "B. Braun" and not posture is firmware-outdated-30-days
zone quarantine
  members posture is firmware-outdated-30-days
`);
  const zonesOf = async (at: number) => {
    await postures(at);
    const { assets } = await readPolicyAssets(database, loadKnowledge());
    const { zones } = resolvePolicy(policy!, assets, at);
    return [old, current].map((id) =>
      zones.filter(({ members }) => members.includes(id!)).map((zone) => zone.name),
    );
  };
  expect(await zonesOf(now + 29 * 86_400_000_000)).toEqual([['pumps'], ['pumps']]);
  expect(await zonesOf(now + 31 * 86_400_000_000)).toEqual([['quarantine'], ['pumps']]);
  // Its own word, with its certificate, is nearer than what its traffic says.
  await client.query(`insert into firmware_running values ($1, 1, '2.2', 9, 'ab', false, 1)`, [old]);
  expect((await postures(now))[0]).toEqual(['firmware-current']);
  // What it booted counts as contradicted for as long as that is a finding, whatever it shows since.
  await client.query(
    `insert into boot_appraisal (id, asset, at, heard, tpm, grade, status, refused, differences, rebooted, pcrs, events, vendor, model,
      software) values (gen_random_uuid(), $1, 1, 1, 'ek', 2, 'unknown', '[]', '[]', false, '{}', '{}', '', '', '')`,
    [old],
  );
  expect((await postures(now))[0]).toEqual(['boot-unknown', 'firmware-current']);
  await database
    .transaction()
    .execute((transaction) =>
      holdFinding(transaction, loadKnowledge([]), { rule: 'boot-changed', asset: old!, at: now }, 'a loader'),
    );
  expect((await postures(now))[0]).toEqual(['boot-contradicted', 'firmware-current']);
  await database.destroy();
});
