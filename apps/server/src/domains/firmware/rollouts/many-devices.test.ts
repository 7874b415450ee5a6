import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RolloutDetail } from '@wardline/model';
import { lookUp, NOTHING, refresh, storeOf } from '@wardline/updates';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Ceremony, repositoryOf, type SealedImage } from '../../../testing/firmware-ceremony.ts';
import { copyGiven } from '../../../testing/given.ts';
import { until } from '../../../testing/running-server.ts';
import { ServerProcess } from '../../../testing/server-process.ts';
import { batch } from '../../../testing/synthetic.ts';

/** So many as WARDLINE_TEST_DEVICES says: docs/guides/firmware.md tells of 2,000. */
const DEVICES = Number(process.env.WARDLINE_TEST_DEVICES ?? 200);
const BATCH = 100;
const AT_ONCE = 24;
const PATH = 'braun/infusomat/2.1.age';
const JSON_HEADERS = { 'content-type': 'application/json' };
const plan = {
  waves: [20, 50, 100],
  mostFailed: 6,
  leastDone: 90,
  soakMinutes: 0,
  atOnce: 2 * AT_ONCE,
  installMinutes: 30,
  silentMinutes: 60,
  kilobytesPerSecond: null,
  window: { fromHour: 0, hours: 24, timeZone: 'UTC' },
};

const folder = mkdtempSync(join(tmpdir(), 'wardline-rollout-'));
let server: ServerProcess;
let client: pg.Client;
let ceremony: Ceremony;
let root: string;
const images: SealedImage[] = [];
/** Devices on which a patient hangs, as their traffic tells; each of them says that it is idle. */
let atBedside = new Set<string>();

/** A server that was killed has another address when it comes back. */
const raw = (path: string, init: RequestInit = {}) => {
  const token = readFileSync(join(folder, 'cli-token'), 'utf8');
  const headers = { ...(init.headers as Record<string, string>), authorization: `Bearer ${token}` };
  return fetch(`${server.url}${path}`, { ...init, headers });
};
const post = (path: string, body: unknown) =>
  raw(`/api/v1/${path}`, { method: 'POST', headers: JSON_HEADERS, body: JSON.stringify(body) });
const detail = (id: string) => server.ask<RolloutDetail>(`firmware/rollouts/${id}`);

beforeAll(async () => {
  copyGiven(folder);
  server = await ServerProcess.start(folder);
  client = await reach();
  for (let number = 1; number <= DEVICES / BATCH; number += 1)
    expect((await post('intake/batches', batch(number, BATCH))).status).toBe(200);
  await until(
    () => server.ask<{ assets: { total: number } }>('overview'),
    ({ assets }) => assets.total === DEVICES + 1,
  );
  await client.query(`update asset set vendor = 'B. Braun', model = 'Infusomat', software = '2.0'
    where id in (select asset_id from endpoint e join conversation c on c.client_id = e.id)`);
  ceremony = new Ceremony({ post, raw });
  await publish();
}, 240_000);
afterAll(async () => {
  await client?.end();
  await ServerProcess.endAll();
  rmSync(folder, { recursive: true, force: true });
});

async function reach(): Promise<pg.Client> {
  const reached = new pg.Client({
    host: join(folder, 'socket'),
    user: 'wardline',
    database: 'wardline',
  });
  reached.on('error', () => {});
  await reached.connect();
  return reached;
}

async function publish(): Promise<void> {
  const key = await ceremony.newKey();
  const image = await ceremony.image('2.1', 8);
  images.push(image);
  await ceremony.upload(image);
  root = await ceremony.rootText(1, [key]);
  const documents = [
    ['root', root],
    ['targets', await ceremony.targetsText(1)],
    ['braun', await ceremony.makerText(1, [image.target])],
  ] as const;
  expect((await ceremony.publish(documents)).status).toBe(200);
}

/** Traffic of this minute: of care for those at a bedside, of other things for all others. */
const speak = () =>
  client.query(
    `update conversation c set last_seen = $1, application = case when e.asset_id = any($2) then 'hl7' else '' end
     from endpoint e where e.id = c.client_id`,
    [Date.now() * 1000, [...atBedside]],
  );

async function make(change: object = {}): Promise<string> {
  const made = await post('firmware/rollouts', { path: PATH, plan: { ...plan, ...change }, reason: 'test' });
  return ((await made.json()) as { id: string }).id;
}

/** What simulated devices know of themselves; a server that dies in the middle takes nothing of it away. */
class Ward {
  readonly began: string[] = [];
  readonly installed = new Set<string>();
  readonly gaveUp = new Set<string>();
  readonly answers: Record<string, number> = {};
  readonly #id: string;
  readonly #doomed: (asset: string) => boolean;

  constructor(id: string, doomed: (asset: string) => boolean) {
    this.#id = id;
    this.#doomed = doomed;
  }

  /** Every device asks once, a number of them at the same time. */
  async ask(assets: readonly string[], meanwhile: (asked: number) => void = () => {}): Promise<void> {
    const left = [...assets];
    const work = async () => {
      for (let asset = left.pop(); asset !== undefined; asset = left.pop()) {
        meanwhile(assets.length - left.length);
        await this.#one(asset);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  async #one(asset: string): Promise<void> {
    const base = `firmware/rollouts/${this.#id}/devices/${asset}`;
    const asked = await patiently(() => post(`${base}/question`, { use: 'idle' }));
    const { because } = (await asked.json()) as { because: string | null };
    this.answers[because ?? 'go'] = (this.answers[because ?? 'go'] ?? 0) + 1;
    if (because !== null) return;
    this.began.push(asset);
    const outcome = this.#doomed(asset) ? 'failed' : 'done';
    (outcome === 'done' ? this.installed : this.gaveUp).add(asset);
    const told = await patiently(() => post(`${base}/outcome`, { outcome, detail: 'it started' }));
    // 409: told before, and the answer was lost with the server.
    expect([200, 409]).toContain(told.status);
  }
}

/** A device asks again until somebody answers. */
async function patiently(ask: () => Promise<Response>): Promise<Response> {
  for (;;) {
    const answer = await ask().catch(() => null);
    if (answer !== null && answer.status < 500) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function acts(id: string, action: string): Promise<string[]> {
  const { rows } = await client.query(
    `select changes->>'asset' as asset from ledger where subject = $1 and action = $2`,
    [`rollout:${id}`, action],
  );
  return (rows as { asset: string }[]).map(({ asset }) => asset);
}

const inWave = async (id: string, wave: number) => {
  const { rows } = await client.query(
    'select asset from firmware_rollout_device where rollout = $1 and wave = $2 order by asset',
    [id, wave],
  );
  return (rows as { asset: string }[]).map(({ asset }) => asset);
};

/** One in twenty, in every wave alike. */
const everyTwentieth = (assets: readonly string[]) => new Set(assets.filter((_, at) => at % 20 === 0));

it('halts in the canary where more fail than the plan allows, before anybody else is touched', async () => {
  await speak();
  const id = await make({ mostFailed: 2 });
  const canary = await inWave(id, 0);
  expect(canary).toHaveLength(DEVICES * 0.2);
  const doomed = everyTwentieth(canary);
  const ward = new Ward(id, (asset) => doomed.has(asset));
  await ward.ask(canary);
  await ward.ask((await inWave(id, 1)).slice(0, 50));
  const { state, wave, waves } = await detail(id);
  expect({ state, wave }).toEqual({ state: 'halted', wave: 0 });
  expect(waves[0]!.failed).toBe(waves[0]!.allowed + 1);
  expect(waves[0]!.failed).toBeLessThan(doomed.size);
  expect(waves.slice(1).map(({ waiting }) => waiting)).toEqual([DEVICES * 0.3, DEVICES * 0.5]);
  expect(ward.began.every((asset) => canary.includes(asset))).toBe(true);
  expect((await post(`firmware/rollouts/${id}/steps`, { step: 'stop', reason: 'test' })).status).toBe(200);
}, 300_000);

it('reaches every device, none at a bedside, with one in twenty failing and the server killed in the middle', async () => {
  const id = await make();
  const waves: string[][] = [];
  for (const wave of [0, 1, 2]) waves.push(await inWave(id, wave));
  expect(waves.flat()).toHaveLength(DEVICES);
  const doomed = new Set(waves.flatMap((assets) => [...everyTwentieth(assets)]));
  atBedside = new Set(waves.flatMap((assets) => assets.filter((_, at) => at % 10 === 3)));
  await speak();
  const ward = new Ward(id, (asset) => doomed.has(asset));
  await ward.ask(waves[0]!);
  expect(ward.answers).toEqual({ go: DEVICES * 0.18, 'in-use': DEVICES * 0.02 });
  await ward.ask(waves[1]!.slice(0, 5));
  expect(ward.answers['later-wave']).toBe(5);
  expect(ward.began.some((asset) => atBedside.has(asset))).toBe(false);
  expect((await detail(id)).wave).toBe(0);

  atBedside = new Set();
  await speak();
  await ward.ask(waves[0]!.filter((asset) => !ward.began.includes(asset)));
  expect((await detail(id)).wave).toBe(1);

  const restarts: Promise<void>[] = [];
  await ward.ask(waves[1]!, (asked) => {
    if (asked > DEVICES / 8 && restarts.length === 0) restarts.push(restart());
  });
  await Promise.all(restarts);
  await settled(id, ward, waves[1]!);
  expect(await detail(id)).toMatchObject({ state: 'running', wave: 2 });
  await ward.ask(waves[2]!);
  const end = await detail(id);
  expect(end.state).toBe('finished');
  const count = (state: string) => end.devices.filter((one) => one.state === state).map(({ asset }) => asset);
  expect(new Set(count('done'))).toEqual(ward.installed);
  expect(new Set(count('failed'))).toEqual(doomed);
  expect(ward.gaveUp).toEqual(doomed);
  const begins = await acts(id, 'rollout.begin');
  const reports = await acts(id, 'rollout.report');
  expect(begins).toHaveLength(DEVICES);
  expect(new Set(reports)).toEqual(new Set(waves.flat()));
  expect(reports).toHaveLength(DEVICES);
}, 400_000);

async function restart(): Promise<void> {
  await server.end('SIGKILL');
  server = await ServerProcess.start(folder);
  await client.end().catch(() => {});
  client = await reach();
}

/** Whose question was answered by nobody asks once more. */
async function settled(id: string, ward: Ward, assets: readonly string[]): Promise<void> {
  const { devices } = await detail(id);
  const left = devices.filter(({ asset, state }) => assets.includes(asset) && state === 'waiting');
  await ward.ask(left.map(({ asset }) => asset));
}

it('has a publication whole or not at all, wherever the server is killed in it', async () => {
  const device = storeOf(NOTHING, Buffer.from(root));
  for (const [round, millis] of [8, 40].entries()) {
    const version = `2.${2 + round}`;
    const image = await ceremony.image(version, 9 + round);
    expect((await ceremony.upload(image)).status).toBe(200);
    images.push(image);
    const targets = images.map(({ target }) => target);
    const documents = [['braun', await ceremony.makerText(2 + round, targets)]] as const;
    const publishing = ceremony.publish(documents).catch(() => null);
    await new Promise((resolve) => setTimeout(resolve, millis));
    await restart();
    await publishing;
    if ((await finds(device, version)) === 'not-listed')
      expect((await ceremony.publish(documents)).status).toBe(200);
    expect(await finds(device, version)).toBe('ok');
    expect(await finds(device, '2.1')).toBe('ok');
  }
}, 300_000);

/** What a device finds that comes for an image. */
async function finds(store: ReturnType<typeof storeOf>, version: string): Promise<string> {
  const session = { start: Date.now(), store, source: repositoryOf({ raw }) };
  const refreshed = await refresh(session);
  if (!refreshed.ok) return refreshed.fault.code;
  const found = await lookUp(session, refreshed.value, `braun/infusomat/${version}.age`);
  return found.ok ? 'ok' : found.fault.code;
}
