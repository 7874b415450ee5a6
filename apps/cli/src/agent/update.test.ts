import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Agent,
  agentProgram,
  fileKeeper,
  folderDisk,
  type Identity,
  runAgentProgram,
  tlsExchange,
} from '@wardline/agent';
import type { RolloutDetail } from '@wardline/model';
import { Ceremony, type SealedImage } from '@wardline/server/testing/firmware-ceremony';
import { conversation, endpoint, sighting } from '@wardline/server/testing/synthetic';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { identityServer } from '../testing/identity-server.ts';
import { bin } from '../testing/run.ts';

// A device that is only its folder: every step is a command line of the agent, against the real server.

type Server = Awaited<ReturnType<typeof identityServer>>;
const product = { manufacturer: 'B. Braun', model: 'Infusomat' };
const reason = 'a test';
/** Large enough that it takes some time at the pace of the plan. */
const CONTENT = 'firmware of the pump, '.repeat(30_000);
const plan = {
  waves: [100],
  mostFailed: 100,
  leastDone: 0,
  soakMinutes: 0,
  atOnce: 10,
  installMinutes: 5,
  silentMinutes: 600,
  kilobytesPerSecond: null as number | null,
  window: { fromHour: 0, hours: 24, timeZone: 'UTC' },
};

let server: Server;
let ceremony: Ceremony;
let root: string;
let asset: string;
let folder: string;
const images: SealedImage[] = [];

/** One command line of the agent's program, which keeps nothing between two but the folder. */
async function agent(verb: string, ...more: string[]) {
  const said: string[] = [];
  const take = (text: unknown) => said.push(String(text)) > 0;
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation(take),
  );
  try {
    process.exitCode = 0;
    const code = await runAgentProgram(agentProgram(), [verb, '--folder', folder, '--json', ...more]);
    const text = said.join('');
    return { code, said: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : text };
  } finally {
    process.exitCode = 0;
    for (const spy of spies) spy.mockRestore();
  }
}
const update = (use = 'idle') => agent('update', '--use', use);

beforeAll(async () => {
  server = await identityServer('127.0.0.9');
  asset = server.assets[0]!;
  folder = mkdtempSync(join(server.folder, 'pump-'));
  const post = async (path: string, body: unknown) => {
    const answer = await server.ask(path, body);
    return Response.json(answer.body, { status: answer.status });
  };
  ceremony = new Ceremony({ post, raw: server.raw }, product);
  const key = await ceremony.newKey();
  root = await ceremony.rootText(1, [key]);
  images.push(await ceremony.image('2.1', 8, CONTENT));
  await ceremony.upload(images[0]!);
  const documents = [
    ['root', root],
    ['targets', await ceremony.targetsText(1)],
    ['braun', await ceremony.makerText(1, [images[0]!.target])],
  ] as const;
  expect((await ceremony.publish(documents)).status).toBe(200);
  await isThePump();
});
afterAll(() => server?.close());

/** The device that a rollout finds, with traffic of this minute and none of care. */
async function isThePump(): Promise<void> {
  for (const [attribute, value] of Object.entries({ vendor: product.manufacturer, model: product.model }))
    await server.ask(`assets/${asset}/approvals`, { attribute, value, reason });
  await server.query(`update asset set vendor = $1, model = $2, software = '2.0' where id = $3`, [
    product.manufacturer,
    product.model,
    asset,
  ]);
}

let batches = 0;
async function isIdle(): Promise<void> {
  const at = Date.now() * 1000 - 5_000_000;
  const [pump, archive] = [{ mac: '00:1b:d3:00:00:00', ip: '10.0.0.1', vlan: 10 }, endpoint(1)];
  const talk = { ...conversation(pump, archive, at), application: '', serverPort: 9 };
  await server.ask('intake/batches', {
    sensor: 'test',
    stream: `idle-${++batches}`,
    number: 1,
    last: true,
    conversations: [talk],
    sightings: [sighting(pump, at)],
    statistics: { packets: 1, bytes: 60, dropped: {}, evicted: {} },
  });
}

async function rollOut(change: Partial<typeof plan> = {}): Promise<string> {
  await isThePump();
  const body = { path: images.at(-1)!.target.path, plan: { ...plan, ...change }, reason };
  const made = await server.ask<{ id: string }>('firmware/rollouts', body);
  expect(made.status).toBe(200);
  return made.body.id;
}

const deviceOf = async (rollout: string) =>
  (await server.ask<RolloutDetail>(`firmware/rollouts/${rollout}`)).body.devices[0]!;
const pins = () => {
  const { devicePort, serverFingerprint, root: top } = server;
  return ['--server', devicePort, '--server-fingerprint', serverFingerprint, '--root', top];
};
function fileWith(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}
const slot = (name: string) => join(folder, 'updates', name);

async function prepare(version: string, securityVersion: string, ...more: string[]) {
  const { key } = (await server.ask<{ key: string }>('ledger/checkpoint')).body;
  const given = ['--manufacturer', product.manufacturer, '--model', product.model, '--group', 'pumps'];
  const trusted = ['--root', fileWith('1.root.json', root), '--ledger-key', key];
  const own = ['--group-key', fileWith('pumps.key', ceremony.identity)];
  const running = ['--slot-a', join(folder, 'old.bin'), '--software-version', version];
  const security = ['--security-version', securityVersion];
  return agent('update-prepare', ...given, ...trusted, ...own, ...running, ...security, ...more);
}

it('is prepared with what it trusts, and tells what it runs', async () => {
  const code = await server.code(asset);
  expect(await agent('enrol', ...pins(), '--code-file', fileWith('code', code))).toMatchObject({ code: 0 });
  expect(await update()).toMatchObject({ code: 2, said: expect.stringContaining('not prepared') });
  fileWith('old.bin', 'old firmware');
  expect(await prepare('2.0', '7')).toMatchObject({ code: 0, said: { state: 'prepared' } });
  expect(await prepare('2.0', '7')).toMatchObject({
    code: 2,
    said: expect.stringContaining('prepared before'),
  });
  expect(readFileSync(slot('update.json'), 'utf8')).not.toContain('AGE-SECRET-KEY');
  expect(await update()).toEqual({ code: 0, said: { state: 'nothing' } });
  const { body } = await server.ask(`assets/${asset}/firmware`);
  expect(body).toMatchObject({
    running: [{ version: '2.0', securityVersion: 7, onTrial: false }],
    offered: '2.1',
  });
});

it('waits while it is in use or nobody knows, takes the update, and keeps it once it works', async () => {
  const rollout = await rollOut();
  expect(await update('unknown')).toEqual({ code: 75, said: { state: 'waits', because: 'use-unknown' } });
  await isIdle();
  expect(await update('in-use')).toEqual({ code: 75, said: { state: 'waits', because: 'in-use' } });
  expect(await update()).toEqual({ code: 0, said: { state: 'installed', version: '2.1', slot: 'b' } });
  expect(await agent('confirm')).toMatchObject({ code: 2 });
  expect(await agent('boot')).toMatchObject({ code: 0, said: { slot: 'b', version: '2.1', onTrial: true } });
  expect(readFileSync(slot('slot-b'), 'utf8')).toBe(CONTENT);
  expect(await update()).toEqual({ code: 0, said: { state: 'on-trial', version: '2.1' } });
  expect((await deviceOf(rollout)).state).toBe('installing');
  expect(await agent('confirm')).toMatchObject({ code: 0, said: { version: '2.1' } });
  expect(await update()).toEqual({ code: 0, said: { state: 'nothing' } });
  expect((await deviceOf(rollout)).state).toBe('done');
  const { body } = await server.ask(`assets/${asset}/firmware`);
  expect(body).toMatchObject({
    running: [{ version: '2.1', onTrial: false }, { onTrial: true }, { version: '2.0' }],
  });
});

it('goes back to the image before, and says why, where the new one does not work or is not what was verified', async () => {
  images.push(await ceremony.image('2.2', 9, CONTENT.toUpperCase()));
  await ceremony.upload(images[1]!);
  const targets = images.map(({ target }) => target);
  expect((await ceremony.publish([['braun', await ceremony.makerText(2, targets)]])).status).toBe(200);
  const rejected = await rollOut();
  await isIdle();
  expect(await update()).toMatchObject({ said: { state: 'installed', slot: 'a' } });
  await agent('boot');
  expect(await agent('reject', 'the drive does not turn')).toMatchObject({ code: 0 });
  expect(await agent('boot')).toMatchObject({ said: { slot: 'b', version: '2.1', onTrial: false } });
  await update();
  expect(await deviceOf(rejected)).toMatchObject({ state: 'failed', because: 'the drive does not turn' });
  await server.ask(`firmware/rollouts/${rejected}/steps`, { step: 'stop', reason });
  const swapped = await rollOut();
  expect(await update()).toMatchObject({ said: { state: 'installed' } });
  writeFileSync(join(folder, 'old.bin'), 'something else');
  expect(await agent('boot')).toMatchObject({ said: { slot: 'b', version: '2.1' } });
  await update();
  expect((await deviceOf(swapped)).because).toContain('not what was verified');
  await server.ask(`firmware/rollouts/${swapped}/steps`, { step: 'stop', reason });
});

const begins = async () =>
  Number((await server.query(`select count(*) as n from ledger where action = 'rollout.begin'`))[0]!.n);

/** The program is killed when so much of the image has come. */
async function killedAfter(bytes: number): Promise<void> {
  const child = spawn(process.execPath, [bin, 'agent', 'update', '--folder', folder, '--use', 'idle'], {
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const look = setInterval(() => {
    if (existsSync(join(folder, 'old.bin')) && readFileSync(join(folder, 'old.bin')).length >= bytes)
      child.kill('SIGKILL');
  }, 5);
  await ended;
  clearInterval(look);
}

it('killed at any point of a download it starts from what it ran, and goes on where it was', async () => {
  const begun = await begins();
  const rollout = await rollOut({ kilobytesPerSecond: 400 });
  await isIdle();
  writeFileSync(join(folder, 'old.bin'), '');
  for (const bytes of [1, 150_000, 400_000]) {
    await killedAfter(bytes);
    expect(await agent('boot')).toMatchObject({
      code: 0,
      said: { slot: 'b', version: '2.1', onTrial: false },
    });
  }
  expect(await update()).toMatchObject({ said: { state: 'installed', version: '2.2', slot: 'a' } });
  expect(await agent('boot')).toMatchObject({ said: { slot: 'a', version: '2.2', onTrial: true } });
  expect(readFileSync(join(folder, 'old.bin'), 'utf8')).toBe(CONTENT.toUpperCase());
  await agent('confirm');
  await update();
  expect((await deviceOf(rollout)).state).toBe('done');
  // It began once, however often it was cut off.
  expect(await begins()).toBe(begun + 1);
});

it('tells each device its own alone, and whoever has no certificate nothing', async () => {
  // It told that it runs 2.2: another rollout of that has nobody to go to.
  const again = { path: images.at(-1)!.target.path, plan, reason };
  expect((await server.ask('firmware/rollouts', again)).status).toBe(409);
  images.push(await ceremony.image('2.3', 10));
  await ceremony.upload(images[2]!);
  const targets = images.map(({ target }) => target);
  expect((await ceremony.publish([['braun', await ceremony.makerText(3, targets)]])).status).toBe(200);
  const rollout = await rollOut({});
  const other = mkdtempSync(join(server.folder, 'other-'));
  const code = await server.code(server.assets[1]!);
  const [mine, strange] = [folder, other];
  folder = strange;
  await agent('enrol', ...pins(), '--code-file', fileWith('code', code));
  folder = mine;
  const disk = folderDisk(strange);
  const secret = { by: 'machine', secret: disk.read('machine-secret', 4096)! } as const;
  const link = await new Agent({
    disk,
    keeper: fileKeeper(disk, () => secret),
    exchange: tlsExchange,
    clock: () => Date.now() * 1000,
    elapsed: () => 0,
  }).link();
  const ask = (path: string, body: object | null, as: Identity | null = link.as) =>
    tlsExchange({
      server: link.server,
      judge: link.judge,
      as,
      method: body === null ? 'GET' : 'POST',
      path: `/device/v1/firmware/${path}`,
      headers: { 'content-type': 'application/json' },
      body: body === null ? '' : JSON.stringify(body),
    }).then(({ status }) => status);
  expect(await ask('instruction', null)).toBe(204);
  expect(await ask('question', { rollout, use: 'idle' })).toBe(404);
  expect(await ask('outcome', { rollout, outcome: 'done' })).toBe(404);
  expect(await ask('instruction', null, null)).toBe(403);
  expect(await ask('../../../api/v1/assets', null)).toBe(404);
  expect(await ask('targets/../../../api/v1/assets', null)).toBe(404);
});

it('too small for all of the repository, it verifies what leads to its image, and takes it', async () => {
  rmSync(join(folder, 'updates'), { recursive: true });
  expect(await prepare('2.2', '9', '--partial')).toMatchObject({ code: 0 });
  await isIdle();
  expect(await update()).toMatchObject({ said: { state: 'installed', version: '2.3', slot: 'b' } });
  expect(readdirSync(join(folder, 'updates')).filter((name) => name.startsWith('tuf-'))).toEqual([
    'tuf-braun.json',
    'tuf-root.json',
    'tuf-targets.json',
  ]);
  expect(await agent('boot')).toMatchObject({ said: { slot: 'b', version: '2.3', onTrial: true } });
  expect(await agent('confirm')).toMatchObject({ code: 0 });
});
