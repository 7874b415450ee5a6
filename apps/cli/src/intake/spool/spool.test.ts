import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SensorBatch } from '@wardline/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryDisk, PowerLost } from '../../testing/memory-disk.ts';
import { spooledBatch } from '../../testing/spooled-batch.ts';
import { folderDisk } from './disk.ts';
import { holdFolder } from './holder.ts';
import { BLOCK_BYTES } from './limits.ts';
import { batchOf } from './record.ts';
import { Spool } from './spool.ts';

const ROOMY = 1e9;

/** Everything that waits, handed over; as the server sees it. */
async function drained(spool: Spool): Promise<SensorBatch[]> {
  const batches: SensorBatch[] = [];
  for (let taken = await spool.take(); taken !== null; taken = await spool.take()) {
    for (let number = taken.entry.from; number <= taken.entry.to; number++)
      batches.push((await batchOf(await taken.body(number)))!);
    await spool.acknowledge(taken);
  }
  return batches;
}

const numbersOf = (batches: readonly SensorBatch[]) =>
  batches.map(({ stream, number }) => `${stream} ${number}`);

describe('a spool', () => {
  it('gives back what was put in, in order, also when it is opened again', async () => {
    const disk = new MemoryDisk();
    const spool = await Spool.open(disk, 's', ROOMY);
    const batches = [1, 2, 3].map((number) =>
      spooledBatch('follow-a', number, { conversations: 2, sightings: 1 }),
    );
    for (const batch of batches) await spool.append(batch);
    expect(await drained(await Spool.open(disk, 's', ROOMY))).toEqual(batches);
    expect(spool.losses).toEqual({ conversations: 0, sightings: 0, damaged: 0, torn: 0, closed: 0 });
  });

  it('gives up the oldest conversations first and sightings last, counts them, and loses no number', async () => {
    const spool = await Spool.open(new MemoryDisk(), 's', 6 * BLOCK_BYTES);
    for (let number = 1; number <= 5; number++)
      await spool.append(spooledBatch('live-a', number, { conversations: 100, sightings: 10 }));
    const batches = await drained(spool);
    expect(numbersOf(batches)).toEqual([1, 2, 3, 4, 5].map((number) => `live-a ${number}`));
    const left = batches.map(({ conversations, sightings }) => [conversations.length, sightings.length]);
    const thin = left.findIndex(([conversations]) => conversations! > 0);
    expect(thin).toBeGreaterThan(0);
    expect(left.slice(0, thin).every(([conversations]) => conversations === 0)).toBe(true);
    expect(left.slice(thin)).toEqual(Array.from({ length: 5 - thin }, () => [100, 10]));
    expect(left.every(([, sightings]) => sightings === 10)).toBe(true);
    expect(batches[0]!.statistics).toMatchObject({ packets: 100, evicted: { 'spool-conversations': 100 } });
    expect(spool.losses).toMatchObject({ conversations: 100 * thin, sightings: 0 });
  });

  it('is a few files however long the server stays away, with every number and every packet counted', async () => {
    const disk = new MemoryDisk();
    const spool = await Spool.open(disk, 's', 4 * BLOCK_BYTES);
    for (let number = 1; number <= 100; number++)
      await spool.append(spooledBatch('live-a', number, { conversations: 3, sightings: 1 }));
    expect((await disk.list()).length).toBeLessThanOrEqual(4);
    const batches = await drained(spool);
    expect(batches.map(({ number }) => number)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    expect(batches.reduce((sum, { statistics }) => sum + statistics.packets, 0)).toBe(10_000);
    const given = batches.reduce(
      (sum, { statistics }) => sum + (statistics.evicted['spool-conversations'] ?? 0),
      0,
    );
    expect(given + batches.reduce((sum, { conversations }) => sum + conversations.length, 0)).toBe(300);
  });

  it.each(['goes on', 'loses its power'])(
    'never changes a batch that may have been sent: it %s',
    async (how) => {
      const disk = new MemoryDisk();
      const rows = { conversations: 40, sightings: 5 };
      let spool = await Spool.open(disk, 's', 3 * BLOCK_BYTES);
      await spool.append(spooledBatch('live-a', 1, rows));
      const before = await (await spool.take())!.body(1);
      if (how !== 'goes on') {
        disk.restart(() => 1);
        spool = await Spool.open(disk, 's', 3 * BLOCK_BYTES);
      }
      for (let number = 1; number <= 8; number++) await spool.append(spooledBatch('live-b', number, rows));
      expect(await (await spool.take())!.body(1)).toEqual(before);
      const again = await Spool.open(disk, 's', 3 * BLOCK_BYTES);
      expect(await (await again.take())!.body(1)).toEqual(before);
    },
  );

  it('closes the live stream of a killed sensor behind its last number, once', async () => {
    const disk = new MemoryDisk();
    const killed = await Spool.open(disk, 's', ROOMY);
    await killed.append(spooledBatch('live-a', 1, {}));
    await killed.append(spooledBatch('live-a', 2, {}));
    expect(numbersOf(await drained(killed))).toEqual(['live-a 1', 'live-a 2']);
    await Spool.open(disk, 's', ROOMY);
    const spool = await Spool.open(disk, 's', ROOMY);
    await spool.append(spooledBatch('live-b', 1, {}));
    const batches = await drained(spool);
    expect(numbersOf(batches)).toEqual(['live-a 3', 'live-b 1']);
    expect(batches[0]).toMatchObject({ last: true, statistics: { evicted: { 'sensor-killed': 1 } } });
  });

  it('leaves a rotation open, whose files are read again', async () => {
    const disk = new MemoryDisk();
    const killed = await Spool.open(disk, 's', ROOMY);
    await killed.append(spooledBatch('follow-a', 1, {}));
    expect(numbersOf(await drained(await Spool.open(disk, 's', ROOMY)))).toEqual(['follow-a 1']);
  });

  it.each([0, 70, 200])('hands over a batch damaged at byte %i as an empty one that says so', async (at) => {
    const disk = new MemoryDisk();
    const spool = await Spool.open(disk, 's', ROOMY);
    for (const number of [1, 2]) await spool.append(spooledBatch('follow-a', number, { conversations: 5 }));
    disk.damage((await disk.list()).find(({ name }) => name.includes('_1-1_'))!.name, at);
    const batches = await drained(spool);
    expect(batches[0]).toMatchObject({
      number: 1,
      conversations: [],
      statistics: { evicted: { 'spool-damaged': 1 } },
    });
    expect(batches[1]!.conversations).toHaveLength(5);
    expect(spool.losses.damaged).toBe(1);
  });

  it('keeps the numbers of what a full disk has no room for', async () => {
    const disk = new MemoryDisk();
    const spool = await Spool.open(disk, 's', ROOMY);
    await spool.append(spooledBatch('live-a', 1, { conversations: 1 }));
    disk.isFull = true;
    for (const number of [2, 3])
      await spool.append(spooledBatch('live-a', number, { conversations: 1, sightings: 2 }));
    expect(spool.batches).toBe(3);
    disk.isFull = false;
    await spool.append({ ...spooledBatch('live-a', 4, { conversations: 1 }), last: true });
    const batches = await drained(spool);
    expect(batches.map(({ number, last, conversations }) => [number, last, conversations.length])).toEqual([
      [1, false, 1],
      [2, false, 0],
      [3, false, 0],
      [4, true, 1],
    ]);
    expect(batches[1]!.statistics).toMatchObject({
      packets: 200,
      evicted: { 'spool-conversations': 2, 'spool-sightings': 4 },
    });
  });

  it('is for its owner alone, and for one sensor at a time', async () => {
    const folder = join(await mkdtemp(join(tmpdir(), 'wardline-spool-')), 'spool');
    const disk = await folderDisk(folder);
    const spool = await Spool.open(disk, 's', ROOMY);
    await spool.append(spooledBatch('live-a', 1, {}));
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(folder))
      expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    const release = await holdFolder(folder);
    await expect(holdFolder(folder)).rejects.toThrow(/another sensor .* has the spool/);
    await release();
    await (await holdFolder(folder))();
    await rm(folder, { recursive: true });
  });
});

/** A server that takes each number of a stream once and in order, and remembers the bytes. */
class Books {
  readonly streams = new Map<string, SensorBatch[]>();
  readonly #seen = new Map<string, string>();

  async take(body: Uint8Array<ArrayBuffer>): Promise<void> {
    const batch = (await batchOf(body))!;
    const taken = this.streams.get(batch.stream) ?? [];
    this.streams.set(batch.stream, taken);
    const key = `${batch.stream} ${batch.number}`;
    // Whatever was on its way once is the same whenever it is on its way again.
    expect(this.#seen.get(key) ?? JSON.stringify(batch)).toBe(JSON.stringify(batch));
    this.#seen.set(key, JSON.stringify(batch));
    expect(batch.number).toBeLessThanOrEqual(taken.length + 1);
    if (batch.number === taken.length + 1) taken.push(batch);
  }
}

const actsOf = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        act: fc.constant('append' as const),
        conversations: fc.integer({ min: 0, max: 30 }),
        sightings: fc.integer({ min: 0, max: 15 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ act: fc.constant('send' as const), arrives: fc.boolean(), told: fc.boolean() }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ act: fc.constant('cut' as const), power: fc.integer({ min: 0, max: 6000 }) }),
    },
    { weight: 1, arbitrary: fc.record({ act: fc.constant('full' as const), isFull: fc.boolean() }) },
  ),
  { minLength: 1, maxLength: 40 },
);

type Act = typeof actsOf extends fc.Arbitrary<(infer A)[]> ? A : never;

/** A sensor with its spool that may lose its power at any byte. */
class Machine {
  readonly disk = new MemoryDisk();
  readonly books = new Books();
  /** What each append that returned had in it. */
  readonly kept = new Map<string, SensorBatch>();
  readonly #limit: number;
  readonly #chance: () => number;
  #spool: Spool | null = null;
  #stream = 0;
  #number = 0;

  constructor(limit: number, chance: () => number) {
    this.#limit = limit;
    this.#chance = chance;
  }

  async act(act: Act): Promise<void> {
    try {
      const spool = await this.spool();
      if (act.act === 'append') await this.#append(spool, act);
      else if (act.act === 'send') await this.#send(spool, act);
      else if (act.act === 'cut') this.disk.power = act.power;
      else this.disk.isFull = act.isFull;
      expect(spool.bytes).toBeLessThanOrEqual(this.#limit + this.#stream * 2 * BLOCK_BYTES);
    } catch (error) {
      if (!(error instanceof PowerLost)) throw error;
      this.disk.restart(this.#chance);
      this.#spool = null;
    }
  }

  /** Opened anew where the sensor died; a live stream is another one then. */
  async spool(): Promise<Spool> {
    if (this.#spool === null) {
      this.#spool = await Spool.open(this.disk, 's', this.#limit);
      this.#stream++;
      this.#number = 0;
    }
    return this.#spool;
  }

  async #append(spool: Spool, rows: { conversations: number; sightings: number }): Promise<void> {
    this.#number++;
    const batch = spooledBatch(`live-${this.#stream}`, this.#number, rows);
    await spool.append(batch);
    if (!this.disk.isFull) this.kept.set(`${batch.stream} ${batch.number}`, batch);
  }

  async #send(spool: Spool, { arrives, told }: { arrives: boolean; told: boolean }): Promise<void> {
    const taken = await spool.take();
    if (taken === null || !arrives) return;
    for (let number = taken.entry.from; number <= taken.entry.to; number++)
      await this.books.take(await taken.body(number));
    if (told) await spool.acknowledge(taken);
  }
}

describe('whenever the power goes', () => {
  it('loses no batch whose append returned, takes none twice, and keeps within its bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        actsOf,
        fc.integer({ min: 2, max: 8 }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        async (acts, blocks, chances) => {
          const machine = new Machine(blocks * BLOCK_BYTES, () => chances.next().value);
          for (const act of acts) await machine.act(act);
          machine.disk.isFull = false;
          machine.disk.power = 0;
          await machine.act({ act: 'append', conversations: 1, sightings: 0 });
          for (let left = 200; left > 0 && (await machine.spool()).batches > 0; left--)
            await machine.act({ act: 'send', arrives: true, told: true });
          for (const batch of machine.kept.values()) expectAccounted(batch, machine.books);
          for (const stream of machine.books.streams.values()) expectAllPackets(stream);
        },
      ),
      { numRuns: 150 },
    );
  }, 180_000);
});

/** The server has the number; what it has no longer, that number or the first of its run says. */
function expectAccounted(batch: SensorBatch, books: Books): void {
  const stream = books.streams.get(batch.stream) ?? [];
  const there = stream[batch.number - 1];
  expect(there, `${batch.stream} ${batch.number}`).toBeDefined();
  if (there!.conversations.length > 0) expect(there!.conversations).toEqual(batch.conversations);
  if (there!.sightings.length > 0) expect(there!.sightings).toEqual(batch.sightings);
  const sum = (cause: string) =>
    stream.reduce((n, { statistics }) => n + (statistics.evicted[cause] ?? 0), 0);
  if (there!.conversations.length < batch.conversations.length)
    expect(sum('spool-conversations')).toBeGreaterThanOrEqual(batch.conversations.length);
  if (there!.sightings.length < batch.sightings.length)
    expect(sum('spool-sightings')).toBeGreaterThanOrEqual(batch.sightings.length);
}

/** Each batch has a hundred, but the one that closes the stream of a killed sensor. */
function expectAllPackets(stream: readonly SensorBatch[]): void {
  const closing = stream.filter(({ statistics }) => statistics.evicted['sensor-killed'] !== undefined).length;
  const packets = stream.reduce((sum, { statistics }) => sum + statistics.packets, 0);
  expect(packets).toBe(100 * (stream.length - closing));
}
