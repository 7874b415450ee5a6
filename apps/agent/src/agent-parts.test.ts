import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import {
  AgentError,
  alone,
  type Disk,
  fileKeeper,
  folderDisk,
  runAgent,
  type Step,
  sweepUnfinished,
} from './index.ts';
import { BACK_OFF_MOST, PASSPHRASE_CHARACTERS, SEALED_BYTES } from './limits.ts';
import { type AgentState, parseState, stateText } from './state/state.ts';
import { backOff } from './time/back-off.ts';
import { Timekeeper } from './time/timekeeper.ts';

const folder = mkdtempSync(join(tmpdir(), 'wardline-agent-parts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder in memory. */
function memoryDisk(): Disk {
  const files = new Map<string, Buffer>();
  return {
    read: (name) => files.get(name) ?? null,
    write: (name, bytes) => void files.set(name, Buffer.from(bytes)),
    remove: (name) => void files.delete(name),
    list: () => [...files.keys()],
  };
}
const machine = (byte: number) => () => ({ by: 'machine' as const, secret: Buffer.alloc(32, byte) });
const passphrase = (text: string) => () => ({ by: 'passphrase' as const, passphrase: text });

describe('sealed data', () => {
  it('opens under its label with its secret, and in no other way, not with one bit changed or one byte less', async () => {
    const disk = memoryDisk();
    const keeper = fileKeeper(disk, machine(1));
    const sealed = await keeper.seal(Buffer.from('secret'), 'a');
    expect((await keeper.unseal(sealed, 'a')).toString()).toBe('secret');
    await expect(keeper.unseal(sealed, 'b')).rejects.toThrow('under this label');
    await expect(fileKeeper(memoryDisk(), machine(1)).unseal(sealed, 'a')).rejects.toThrow(AgentError);
    for (let at = 0; at < sealed.length; at += 1) {
      await expect(keeper.unseal(sealed.subarray(0, at), 'a')).rejects.toThrow(AgentError);
      const changed = Buffer.from(sealed);
      changed[at]! ^= 1;
      await expect(keeper.unseal(changed, 'a')).rejects.toThrow(AgentError);
    }
    expect(sealed.equals(await keeper.seal(Buffer.from('secret'), 'a'))).toBe(false);
  });

  it('is no larger than it says', async () => {
    const keeper = fileKeeper(memoryDisk(), machine(1));
    await expect(keeper.seal(Buffer.alloc(SEALED_BYTES + 1), 'a')).rejects.toThrow('at most');
  });
});

it('opens keys with the secret that closed them, and says what is wrong with another', async () => {
  const disk = memoryDisk();
  const good = 'x'.repeat(PASSPHRASE_CHARACTERS);
  await expect(fileKeeper(disk, passphrase(good.slice(1))).make()).rejects.toThrow('at least 16 characters');
  const id = await fileKeeper(disk, passphrase(good)).make();
  expect((await fileKeeper(disk, passphrase(good)).open(id)).signer.publicKey.kind).toBe('p256');
  await expect(fileKeeper(disk, passphrase(`${good}y`)).open(id)).rejects.toThrow('is not the one');
  await expect(fileKeeper(disk, machine(1)).open(id)).rejects.toThrow('closed by a passphrase secret');
  expect(fileKeeper(disk, machine(1)).protection).toBe('a file closed by a passphrase');
  disk.write('vault.json', Buffer.from('{"version":1,"by":"passphrase","salt":"","cost":40,"check":""}'));
  await expect(fileKeeper(disk, passphrase(good)).open(id)).rejects.toThrow('not as the agent wrote it');
});

it('sweeps what a power cut left half written, and reads nothing larger than it writes', () => {
  writeFileSync(join(folder, 'agent.json.new'), '{"vers');
  const disk = folderDisk(folder);
  expect(readdirSync(folder)).toEqual(['agent.json.new']);
  sweepUnfinished(folder);
  expect(readdirSync(folder)).toEqual([]);
  disk.write('a', Buffer.alloc(100));
  expect(disk.read('a', 100)).toHaveLength(100);
  expect(() => disk.read('a', 99)).toThrow('at most 99');
});

it('lets one agent at a time work in a folder', async () => {
  const leave = await alone(folder);
  await expect(alone(folder)).rejects.toThrow('Another agent');
  await leave();
  await (await alone(folder))();
});

const bytes = fc.uint8Array({ maxLength: 40, minLength: 1 }).map((array) => Buffer.from(array));
const text = fc.string({ minLength: 1 });
const chain = fc.array(bytes, { minLength: 1, maxLength: 3 });
const states: fc.Arbitrary<AgentState> = fc.record({
  server: text,
  pins: fc.record({
    roots: fc.array(bytes),
    between: fc.array(bytes),
    server: fc.option(text),
    serverAuthorities: fc.array(bytes),
  }),
  current: fc.option(fc.record({ key: text, chain, isProved: fc.boolean() })),
  next: fc.option(
    fc.record({
      key: text,
      way: fc.oneof(
        fc.record({ by: fc.constant('code' as const), sealed: bytes }),
        fc.record({ by: fc.constant('maker' as const), certificate: text, key: text }),
        fc.constant({ by: 'renewal' as const }),
      ),
      request: bytes,
      since: fc.nat(),
      isWaiting: fc.boolean(),
      proof: fc.option(fc.record({ isProved: fc.boolean(), why: fc.option(text) })),
      chain: fc.option(chain),
    }),
  ),
  refused: fc.option(fc.record({ at: fc.nat(), message: text })),
  renewedAt: fc.nat(),
  floor: fc.nat(),
});

it('reads every state as it was written, and none that was cut off', () => {
  fc.assert(
    fc.property(states, (state) => {
      const written = stateText(state);
      expect(parseState(written)).toEqual(state);
      for (let end = 0; end < written.length - 2; end += 1 + Math.floor(written.length / 50))
        expect(() => parseState(written.slice(0, end))).toThrow(AgentError);
    }),
    { numRuns: 60 },
  );
  expect(() => parseState('{"version":2}')).toThrow('version 2');
});

it('waits longer after each failure, up to an hour, and never as long as its neighbour', () => {
  const waits = Array.from({ length: 12 }, (_, index) => backOff(index + 1, 1));
  expect(waits.slice(0, 3)).toEqual([30, 60, 120]);
  expect(waits.at(-1)).toBe(BACK_OFF_MOST);
  expect(backOff(1, 0)).toBe(15);
});

it('believes the server where the clock is far off, and the clock again once it was set', () => {
  let [clock, elapsed] = [0, 0];
  const time = new Timekeeper(
    () => clock,
    () => elapsed,
    5_000_000,
  );
  expect(time.now()).toBe(5_000_000);
  time.learn(1e15);
  elapsed = 7;
  expect(time.now()).toBe(1e15 + 7);
  clock = 1e15 + 20;
  time.learn(1e15 + 10);
  clock = 1e15 + 1000;
  expect([time.now(), time.ahead, time.floor]).toEqual([1e15 + 1000, 0, 1e15 + 10]);
});

it('goes on whatever fails, but not on with a state that it cannot read', async () => {
  const stop = new AbortController();
  const steps: Step[] = [];
  const failures = [
    new AgentError('network', 'gone'),
    Object.assign(new Error('full'), { syscall: 'write' }),
  ];
  const agent = {
    round: () => {
      const failure = failures.shift();
      return failure ? Promise.reject(failure) : Promise.resolve({ state: 'waiting', seconds: 60 });
    },
  };
  const settings = {
    signal: stop.signal,
    chance: () => 1,
    tell: (step: Step) => void steps.push(step),
    sleep: async () => {
      if (steps.length === 3) stop.abort();
    },
  };
  await runAgent(agent as never, settings);
  expect(steps).toMatchObject([
    { state: 'failed', code: 'network', seconds: 30 },
    { state: 'failed', code: 'disk', seconds: 60 },
    { state: 'waiting', seconds: 90 },
  ]);
  const broken = { round: () => Promise.reject(new AgentError('state', 'not as written')) };
  await expect(
    runAgent(broken as never, { ...settings, signal: new AbortController().signal }),
  ).rejects.toThrow('not as written');
});
