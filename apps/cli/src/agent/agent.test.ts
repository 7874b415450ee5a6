import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Agent,
  AgentError,
  type Disk,
  type EnrolmentOrder,
  type Exchange,
  fileKeeper,
  folderDisk,
  tlsExchange,
} from '@wardline/agent';
import type { CertificateRow } from '@wardline/model';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { identityServer, orderBy, waitingAt } from '../testing/identity-server.ts';
import { bin, wardline } from '../testing/run.ts';

// The agent against the real server: what it writes, what it survives, and what it does not believe.

type Server = Awaited<ReturnType<typeof identityServer>>;
const reason = 'a test';
const DAY_MICROS = 86_400_000_000;
const secret = { by: 'machine', secret: randomBytes(32) } as const;
let server: Server;
const newFolder = () => mkdtempSync(join(server.folder, 'device-'));

beforeAll(async () => {
  server = await identityServer('127.0.0.4');
});
afterAll(() => server?.close());

interface Changes {
  disk?: Disk;
  exchange?: Exchange;
  clock?: () => number;
}

/** The agent as it starts: nothing is kept but its folder. */
function started(
  folder: string,
  { disk = folderDisk(folder), exchange = tlsExchange, clock }: Changes = {},
): Agent {
  return new Agent({
    disk,
    keeper: fileKeeper(disk, () => secret),
    exchange,
    clock: clock ?? (() => Date.now() * 1000),
    elapsed: () => Math.round(performance.now() * 1000),
  });
}

const order = (code: string, changes: Partial<EnrolmentOrder> = {}): EnrolmentOrder => ({
  ...orderBy(server, code),
  ...changes,
});

/** What the server has of an asset, those that hold. */
const holding = async (asset: string) =>
  (await server.ask<{ items: CertificateRow[] }>(`certificates?asset=${asset}&limit=500`)).body.items.filter(
    ({ state }) => state === 'valid',
  );

const faultOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: unknown) => (error instanceof AgentError ? error.code : String(error)),
  );

it('enrols by a code, knows its certificate after a restart, and keeps the key closed', async () => {
  const [folder, asset] = [newFolder(), server.assets[0]!];
  const outcome = await started(folder).enrol(order(await server.code(asset)));
  expect(outcome).toMatchObject({ state: 'certified', renewed: false });
  const status = started(folder).status();
  const [held] = await holding(asset);
  expect(status).toMatchObject({
    state: 'valid',
    certificate: { serial: held!.serial },
    asked: null,
    refused: null,
  });
  expect(status.key).toMatchObject({ kind: 'file', assurance: 'software' });
  const files = folderDisk(folder).list();
  expect(files).toHaveLength(3);
  expect(files).toEqual(expect.arrayContaining(['agent.json', 'vault.json']));
  for (const file of files)
    expect(readFileSync(join(folder, file)).toString('latin1')).not.toContain('PRIVATE KEY');
  expect(
    readFileSync(join(folder, files.find((file) => file.endsWith('.key'))!))
      .subarray(0, 4)
      .toString(),
  ).toBe('WAS1');
  expect(await faultOf(started(folder).enrol(order(await server.code(asset))))).toBe('settings');
});

it('believes neither another root nor another server, and tells no code to either', async () => {
  const code = await server.code(server.assets[0]!);
  const said: string[] = [];
  const exchange: Exchange = (ask) =>
    tlsExchange({
      ...ask,
      judge: (shown) => {
        ask.judge(shown);
        said.push(ask.path);
      },
    });
  const other = 'ab'.repeat(32);
  expect(await faultOf(started(newFolder(), { exchange }).enrol(order(code, { root: other })))).toBe(
    'untrusted',
  );
  const nobody = order(code, { serverFingerprint: other });
  expect(await faultOf(started(newFolder(), { exchange }).enrol(nobody))).toBe('untrusted');
  const unpinned = order(code, { serverFingerprint: null });
  expect(await faultOf(started(newFolder(), { exchange }).enrol(unpinned))).toBe('untrusted');
  expect(said.filter((path) => path.endsWith('enroll'))).toEqual([]);
});

it('waits for a person with the same key, and hears of a refusal', async () => {
  const [folder, asset] = [newFolder(), server.assets[1]!];
  // No policy says in which zone the device lies.
  const code = await server.code(asset, { zone: null });
  expect(await started(folder).enrol(order(code))).toEqual({ state: 'waiting', seconds: 60 });
  expect(await started(folder).round()).toMatchObject({ state: 'waiting' });
  expect(started(folder).status()).toMatchObject({
    state: 'waiting',
    asked: { by: 'code', isWaiting: true },
  });
  const waiting = () => waitingAt(server);
  const [found, ...others] = await waiting();
  expect(others).toEqual([]);
  await server.ask(`enrolments/${found!.id}/approval`, { asset, zone: 'icu', reason });
  expect(await started(folder).round()).toMatchObject({ state: 'certified' });
  expect(started(folder).status()).toMatchObject({ state: 'valid', asked: null });

  const refused = newFolder();
  await started(refused).enrol(order(await server.code(asset, { zone: null })));
  await server.ask(`enrolments/${(await waiting())[0]!.id}/refusal`, { reason: 'nobody ordered it' });
  expect(await started(refused).round()).toMatchObject({
    state: 'refused',
    message: expect.stringContaining('nobody ordered it'),
  });
  expect(started(refused).status()).toMatchObject({
    state: 'none',
    refused: { message: expect.stringContaining('nobody') },
  });
});

/** A server whose clock is ahead, as far as the agent can see. */
const later = (days: number): Changes => ({
  clock: () => Date.now() * 1000 + days * DAY_MICROS,
  exchange: async (ask) => {
    const answer = await tlsExchange(ask);
    return {
      ...answer,
      headers: { ...answer.headers, date: new Date(Date.now() + days * 86_400_000).toUTCString() },
    };
  },
});

it('renews at two thirds with a new key, and the old certificate holds until the new one was shown', async () => {
  const [folder, asset] = [newFolder(), server.assets[2]!];
  await started(folder).enrol(order(await server.code(asset)));
  const first = started(folder).status().certificate!.serial;
  expect(await started(folder, later(59)).round()).toMatchObject({ state: 'certified', renewed: false });
  const shown: string[] = [];
  const { clock, exchange } = later(61);
  const watching: Exchange = async (ask) => {
    if (ask.as !== null)
      shown.push(
        (await holding(asset))
          .map(({ serial }) => serial)
          .toSorted()
          .join(' '),
      );
    return exchange!(ask);
  };
  expect(await started(folder, { clock: clock!, exchange: watching }).round()).toMatchObject({
    renewed: true,
  });
  const second = started(folder).status().certificate!.serial;
  expect(second).not.toBe(first);
  // Looked at itself, asked, and showed the new one: at that moment both held.
  expect(shown).toEqual([first, first, [first, second].toSorted().join(' ')]);
  expect((await holding(asset)).map(({ serial }) => serial)).toEqual([second]);
  expect(
    folderDisk(folder)
      .list()
      .filter((name) => name.endsWith('.key')),
  ).toHaveLength(1);
});

it('goes by the server’s time where its own clock is wrong, and does not ask again and again', async () => {
  const [folder, asset] = [newFolder(), server.assets[3]!];
  const years = 5 * 365 * DAY_MICROS;
  for (const clock of [() => 0, () => Date.now() * 1000 + years]) {
    const agent = started(folder, { clock });
    const outcome = await agent.enrol(order(await server.code(asset), { again: true }));
    expect(outcome).toMatchObject({ state: 'certified' });
    for (let round = 0; round < 3; round += 1)
      expect(await agent.round()).toMatchObject({ state: 'certified', renewed: false });
    expect(agent.status().state).toBe('valid');
    expect(Math.sign(agent.status().clockAhead)).toBe(clock() === 0 ? -1 : 1);
  }
  // A clock that was reset is known to be wrong before anybody says so.
  expect(started(folder, { clock: () => 0 }).status().state).toBe('valid');
});

/** Power that fails: nothing is written and nothing is heard any more. */
class PowerCut extends Error {}

/** A device whose power fails after so many writes and answers; what the server was asked for by then it has done. */
function failing(folder: string, after: number, { clock, exchange = tlsExchange }: Changes = {}): Agent {
  const disk = folderDisk(folder);
  let left = after;
  const spend = (): void => {
    left -= 1;
    if (left < 0) throw new PowerCut();
  };
  const cut: Disk = {
    ...disk,
    write: (name, bytes) => {
      spend();
      disk.write(name, bytes);
    },
    remove: (name) => {
      spend();
      disk.remove(name);
    },
  };
  const lost: Exchange = async (ask) => {
    const answer = await exchange(ask);
    spend();
    return answer;
  };
  return started(folder, { disk: cut, exchange: lost, clock: clock ?? (() => Date.now() * 1000) });
}

/** Calls `turn` with each moment at which the power can fail, until it does its work without a cut; returns how many there were. */
async function atEveryMoment(turn: (after: number) => Promise<unknown>): Promise<number> {
  for (let after = 0; ; after += 1) {
    try {
      await turn(after);
      return after;
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
    }
  }
}

it('enrols with one code at whatever moment the power is cut', async () => {
  const asset = server.assets[4]!;
  const moments = await atEveryMoment(async (after) => {
    const [folder, code] = [newFolder(), await server.code(asset)];
    try {
      await failing(folder, after).enrol(order(code));
    } finally {
      const agent = started(folder);
      const has = agent.status().certificate !== null;
      expect(await (has ? agent.round() : agent.enrol(order(code)))).toMatchObject({ state: 'certified' });
      expect(started(folder).status()).toMatchObject({ state: 'valid', asked: null });
      const held = await holding(asset);
      expect(held).toHaveLength(1);
      await server.ask(`certificates/${held[0]!.id}/revocation`, { why: 'unspecified', reason });
    }
  });
  expect(moments).toBeGreaterThan(7);
});

it('renews at whatever moment the power is cut, with never more than one certificate in the end', async () => {
  const [folder, asset] = [newFolder(), server.assets[4]!];
  await started(folder).enrol(order(await server.code(asset)));
  const moments = await atEveryMoment(async (after) => {
    const { serial } = started(folder).status().certificate!;
    try {
      await failing(folder, after, later(61)).round({ force: true });
    } finally {
      const force = started(folder).status().certificate!.serial === serial;
      expect(await started(folder, later(61)).round({ force })).toMatchObject({ state: 'certified' });
      expect(started(folder).status()).toMatchObject({ asked: null, refused: null });
      const held = (await holding(asset)).map((one) => one.serial);
      expect(held).toEqual([started(folder).status().certificate!.serial]);
      expect(held).not.toEqual([serial]);
    }
  });
  expect(moments).toBeGreaterThan(7);
});

it('tells when its certificate was revoked, and keeps all that it has', async () => {
  const [folder, asset] = [newFolder(), server.assets[0]!];
  await started(folder).enrol(order(await server.code(asset)));
  const { serial } = started(folder).status().certificate!;
  const held = (await holding(asset)).find((one) => one.serial === serial)!;
  await server.ask(`certificates/${held.id}/revocation`, { why: 'unspecified', reason });
  expect(await started(folder).round()).toMatchObject({
    state: 'refused',
    message: expect.stringContaining('revoked'),
  });
  expect(started(folder).status()).toMatchObject({
    certificate: { serial },
    refused: { message: expect.any(String) },
  });
  const again = order(await server.code(asset), { again: true });
  expect(await started(folder).enrol(again)).toMatchObject({ state: 'certified' });
});

it('is spoken to by its program: enrols, tells, renews, seals, and lets nobody else in meanwhile', async () => {
  const folder = newFolder();
  const at = (name: string) => join(server.folder, name);
  const agent = (...args: string[]) => wardline(['agent', ...args, '--folder', folder]);
  writeFileSync(at('code'), `${await server.code(server.assets[1]!)}\n`);
  writeFileSync(at('passphrase'), 'correct horse battery\n');
  const closed = ['--passphrase-file', at('passphrase')];
  const to = [
    '--server',
    server.devicePort,
    '--root',
    server.root,
    '--server-fingerprint',
    server.serverFingerprint,
  ];
  const enrolled = await agent('enrol', ...to, '--code-file', at('code'), ...closed);
  expect(enrolled).toMatchObject({ code: 0, stdout: 'It has a certificate that the server takes.\n' });
  const told = await agent('status', '--json');
  expect(JSON.parse(told.stdout)).toMatchObject({
    state: 'valid',
    key: { protection: 'a file closed by a passphrase' },
  });
  expect((await agent('renew', '--force', ...closed)).stdout).toBe('It has a new certificate.\n');
  expect(await agent('renew')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--passphrase-file'),
  });
  writeFileSync(at('wrong'), 'correct horse batterie\n');
  expect(await agent('renew', '--passphrase-file', at('wrong'))).toMatchObject({ code: 1 });
  writeFileSync(at('drugs'), 'morphine 1 mg/ml');
  expect(await agent('seal', 'drugs', '--in', at('drugs'), '--out', at('sealed'), ...closed)).toMatchObject({
    code: 0,
  });
  expect(readFileSync(at('sealed')).toString('latin1')).not.toContain('morphine');
  expect((await agent('unseal', 'drugs', '--in', at('sealed'), ...closed)).stdout).toBe('morphine 1 mg/ml');
  expect((await agent('unseal', 'alarms', '--in', at('sealed'), ...closed)).code).toBe(1);
  mkdirSync(at('other'));
  const elsewhere = await wardline([
    'agent',
    'unseal',
    'drugs',
    '--in',
    at('sealed'),
    '--folder',
    at('other'),
  ]);
  expect(elsewhere.code).toBe(1);
});

it('goes on when its process is killed without warning, later each time, in enrolment and in renewal', async () => {
  const [folder, asset] = [newFolder(), server.assets[3]!];
  const before = (await holding(asset)).length;
  writeFileSync(join(server.folder, 'kill-code'), await server.code(asset));
  const to = ['--server', server.devicePort, '--root', server.root];
  const pinned = ['--server-fingerprint', server.serverFingerprint];
  const code = ['--code-file', join(server.folder, 'kill-code')];
  /** Kills later and later until it ends by itself; returns how often it was killed. */
  const killed = async (isDone: () => boolean, ...args: string[]) => {
    for (let kills = 0; ; kills += 1) {
      const child = spawn(process.execPath, [bin, 'agent', ...args, '--folder', folder], { stdio: 'ignore' });
      const timer = setTimeout(() => child.kill('SIGKILL'), 250 + 70 * kills);
      const [, signal] = (await once(child, 'close')) as [number | null, string | null];
      clearTimeout(timer);
      if (signal === null || isDone()) return kills;
    }
  };
  const status = () =>
    new Agent({
      disk: folderDisk(folder),
      keeper: fileKeeper(folderDisk(folder), () => secret),
      exchange: tlsExchange,
      clock: () => Date.now() * 1000,
      elapsed: () => 0,
    }).status();
  await killed(() => status().certificate !== null, 'enrol', ...to, ...pinned, ...code);
  const first = status().certificate!.serial;
  await killed(() => status().certificate!.serial !== first, 'renew', '--force');
  expect((await wardline(['agent', 'renew', '--folder', folder])).code).toBe(0);
  expect(status()).toMatchObject({ state: 'valid', asked: null, refused: null });
  expect(status().certificate!.serial).not.toBe(first);
  expect(await holding(asset)).toHaveLength(before + 1);
});
