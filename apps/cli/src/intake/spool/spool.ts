import type { SensorBatch } from '@wardline/model';
import type { SpoolDisk } from './disk.ts';
import { canJoin, covers, type Entry, entryOf, nameOf, roomOf, type State } from './entry.ts';
import {
  type Body,
  batchOf,
  bodyOf,
  emptyBatch,
  joined,
  sealed,
  stageOf,
  thinned,
  unsealed,
} from './record.ts';

/** Half-written files; what a sensor was writing when it died. */
const HALF = '.half';

/** The oldest of what waits, on its way to the server. */
export interface Taken {
  entry: Entry;
  /** The body of one of its numbers, the same whenever it is asked for. */
  body(number: number): Promise<Body>;
}

/** Emptied batches of one stream, up to a number; the first carries the statistics of all. */
interface Run {
  batch: SensorBatch;
  to: number;
  last: boolean;
}

/** What the spool had to give up, and what it found when it was opened. */
export interface SpoolLosses {
  conversations: number;
  sightings: number;
  /** Batches whose bytes are not as they were written; their numbers are handed over empty. */
  damaged: number;
  /** Batches that a sensor was writing when it died: cut off. */
  torn: number;
  /** Streams that a killed sensor left open: closed. */
  closed: number;
}

/**
 * Batches of one sensor on disk, in the order in which they were appended, until the server has them. An append that has
 * returned survives the loss of process and power. Over `limitBytes` the oldest batches lose their conversations, and when
 * no conversations are left the oldest lose their sightings; no batch loses its number, and none is changed once it may have
 * been sent.
 */
export class Spool {
  readonly #disk: SpoolDisk;
  readonly #sensor: string;
  readonly #limitBytes: number;
  /** In order of sequence; without those that are done. */
  #waiting: Entry[] = [];
  /** Of each stream that goes on, the newest number that the server has. */
  readonly #done = new Map<string, Entry>();
  /** Emptied batches that found no room on a full disk, as runs; they are written with the next append. */
  readonly #homeless: Run[] = [];
  #sequence = 0;
  #used = 0;
  #busy: Promise<unknown> = Promise.resolve();
  #wake = () => {};
  readonly losses: SpoolLosses = { conversations: 0, sightings: 0, damaged: 0, torn: 0, closed: 0 };

  private constructor(disk: SpoolDisk, sensor: string, limitBytes: number) {
    this.#disk = disk;
    this.#sensor = sensor;
    this.#limitBytes = limitBytes;
  }

  /** Opens what is there; live streams that a killed sensor left open are closed behind their last number. */
  static async open(disk: SpoolDisk, sensor: string, limitBytes: number): Promise<Spool> {
    const spool = new Spool(disk, sensor, limitBytes);
    await spool.#load();
    await spool.#closeLiveStreams();
    return spool;
  }

  /** Batches that wait. */
  get batches(): number {
    const homeless = this.#homeless.reduce((sum, { batch, to }) => sum + to - batch.number + 1, 0);
    return this.#waiting.reduce((sum, { from, to }) => sum + to - from + 1, homeless);
  }

  /** What they take of the disk. */
  get bytes(): number {
    return this.#used;
  }

  /** Whether a number of a stream waits. */
  holds(stream: string, number: number): boolean {
    return this.#waiting.some((one) => one.stream === stream && one.from <= number && number <= one.to);
  }

  /** Returns once it is on disk. */
  append(batch: SensorBatch): Promise<void> {
    return this.#alone(() => this.#append(batch));
  }

  /** The oldest that waits; from now on it is never changed. Null where nothing waits. */
  take(): Promise<Taken | null> {
    return this.#alone(async () => {
      const oldest = this.#waiting[0];
      if (oldest === undefined) return null;
      const entry = oldest.state === 'sent' ? oldest : await this.#move(oldest, 'sent');
      return { entry, body: await this.#bodies(entry) };
    });
  }

  /** The server has all of it. */
  acknowledge({ entry }: Taken): Promise<void> {
    return this.#alone(async () => {
      this.#waiting = this.#waiting.filter((one) => one !== entry);
      this.#used -= roomOf(entry.size);
      const goesOn = !entry.last && !this.#waiting.some(({ stream }) => stream === entry.stream);
      const before = this.#done.get(entry.stream);
      this.#done.delete(entry.stream);
      // Renamed and not written: that works on a full disk too.
      const done: Entry = { ...entry, state: 'done' };
      if (goesOn) {
        await this.#disk.rename(nameOf(entry), nameOf(done));
        this.#done.set(entry.stream, done);
      } else await this.#disk.remove(nameOf(entry));
      if (before !== undefined) await this.#disk.remove(nameOf(before));
    });
  }

  /** Resolves when something waits. */
  filled(): Promise<void> {
    if (this.#waiting.length > 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  async #load(): Promise<void> {
    const entries: Entry[] = [];
    for (const { name, size } of await this.#disk.list()) {
      const entry = entryOf(name, size);
      if (entry !== null) entries.push(entry);
      if (!name.endsWith(HALF)) continue;
      this.losses.torn++;
      await this.#disk.remove(name);
    }
    entries.sort((a, b) => a.sequence - b.sequence || a.from - b.from);
    for (const entry of entries) {
      this.#sequence = Math.max(this.#sequence, entry.sequence);
      if (entries.some((other) => other !== entry && covers(other, entry)))
        await this.#disk.remove(nameOf(entry));
      else if (entry.state === 'done') {
        const before = this.#done.get(entry.stream);
        if (before !== undefined) await this.#disk.remove(nameOf(before));
        this.#done.set(entry.stream, entry);
      } else this.#keep(entry);
    }
  }

  #keep(entry: Entry): void {
    this.#waiting.push(entry);
    this.#used += roomOf(entry.size);
  }

  async #closeLiveStreams(): Promise<void> {
    const newest = new Map<string, Entry>(this.#done);
    for (const entry of this.#waiting)
      if ((newest.get(entry.stream)?.to ?? 0) < entry.to) newest.set(entry.stream, entry);
    for (const { stream, to, last } of newest.values()) {
      if (last || !/^(live|netflow)-/.test(stream)) continue;
      const closing = { sensor: this.#sensor, stream, number: to + 1, last: true };
      await this.append(emptyBatch(closing, { 'sensor-killed': 1 }));
      this.losses.closed++;
    }
  }

  async #append(batch: SensorBatch): Promise<void> {
    for (let run = this.#homeless[0]; run !== undefined; run = this.#homeless[0]) {
      if (!(await this.#store(run))) break;
      this.#homeless.shift();
    }
    // Behind a number that found no room none is written: the numbers on disk have no gaps.
    const own: Run = { batch, to: batch.number, last: batch.last };
    if (this.#homeless.length > 0 || !(await this.#store(own))) this.#shelter(own);
    this.#wake();
  }

  /** Keeps the number and the counts of what the disk has no room for. */
  #shelter({ batch, to, last }: Run): void {
    const emptied = thinned(thinned(batch));
    this.#count(batch, emptied);
    const before = this.#homeless.at(-1);
    if (before?.batch.stream === batch.stream && before.to + 1 === batch.number)
      this.#homeless.splice(-1, 1, { batch: joined(before.batch, emptied), to, last });
    else this.#homeless.push({ batch: emptied, to, last });
  }

  /** False where the disk is full. */
  async #store({ batch, to, last }: Run): Promise<boolean> {
    try {
      let kept = batch;
      let bytes = sealed(await bodyOf(kept));
      while (!(await this.#hasRoomFor(bytes.length)) && stageOf(kept) !== 'empty') {
        kept = thinned(kept);
        bytes = sealed(await bodyOf(kept));
      }
      const place = { sequence: this.#sequence + 1, stream: kept.stream, from: kept.number, to, last };
      this.#keep(
        await this.#write({ ...place, stage: stageOf(kept), state: 'new', size: bytes.length }, bytes),
      );
      this.#sequence++;
      this.#count(batch, kept);
      return true;
    } catch (error) {
      if (isFull(error)) return false;
      throw error;
    }
  }

  /** Thins what waits until there is room; false where nothing more can be thinned. */
  async #hasRoomFor(size: number): Promise<boolean> {
    while (this.#used + roomOf(size) > this.#limitBytes) {
      const pair = this.#waiting.findIndex((entry, at) => canJoin(entry, this.#waiting[at + 1]));
      const oldest = (['full', 'sightings'] as const)
        .map((stage) => this.#waiting.find((entry) => entry.stage === stage && entry.state === 'new'))
        .find((entry) => entry !== undefined);
      if (pair >= 0) await this.#join(pair);
      else if (oldest !== undefined) await this.#thinStored(oldest);
      else return false;
    }
    return true;
  }

  async #thinStored(entry: Entry): Promise<void> {
    const batch = await this.#batch(entry);
    const less = thinned(batch);
    await this.#replace([entry], { ...entry, stage: stageOf(less) }, less);
    this.#count(batch, less);
  }

  async #join(at: number): Promise<void> {
    const [earlier, later] = [this.#waiting[at]!, this.#waiting[at + 1]!];
    const run = { ...earlier, to: later.to, last: later.last };
    await this.#replace([earlier, later], run, joined(await this.#batch(earlier), await this.#batch(later)));
  }

  /** The new file is on disk before the old ones go. */
  async #replace(old: readonly Entry[], entry: Entry, batch: SensorBatch): Promise<void> {
    const bytes = sealed(await bodyOf(batch));
    const written = await this.#write({ ...entry, size: bytes.length }, bytes);
    this.#waiting.splice(this.#waiting.indexOf(old[0]!), old.length, written);
    this.#used += roomOf(written.size) - old.reduce((sum, { size }) => sum + roomOf(size), 0);
    for (const one of old) if (nameOf(one) !== nameOf(written)) await this.#disk.remove(nameOf(one));
  }

  async #write(entry: Entry, bytes: Uint8Array): Promise<Entry> {
    const half = `${nameOf(entry)}${HALF}`;
    try {
      await this.#disk.write(half, bytes);
    } catch (error) {
      await this.#disk.remove(half);
      throw error;
    }
    await this.#disk.rename(half, nameOf(entry));
    await this.#disk.syncFolder();
    return entry;
  }

  async #move(entry: Entry, state: State): Promise<Entry> {
    const moved = { ...entry, state };
    await this.#disk.rename(nameOf(entry), nameOf(moved));
    await this.#disk.syncFolder();
    this.#waiting[this.#waiting.indexOf(entry)] = moved;
    return moved;
  }

  /** What the file holds; where that is damaged, an empty batch of the same number that says so. */
  async #batch(entry: Entry): Promise<SensorBatch> {
    const body = unsealed(await this.#disk.read(nameOf(entry)));
    const batch = body === null ? null : await batchOf(body);
    if (batch !== null && batch.stream === entry.stream && batch.number === entry.from) return batch;
    this.losses.damaged++;
    const { stream, from, to, last } = entry;
    const place = { sensor: this.#sensor, stream, number: from, last: last && from === to };
    return emptyBatch(place, { 'spool-damaged': 1 });
  }

  /** The first number of a run carries its statistics. */
  async #bodies(entry: Entry): Promise<Taken['body']> {
    const { stream, from, to, last } = entry;
    const stored = unsealed(await this.#disk.read(nameOf(entry)));
    const first = stored ?? (await bodyOf(await this.#batch(entry)));
    return async (number) => {
      if (number === from) return first;
      return bodyOf(emptyBatch({ sensor: this.#sensor, stream, number, last: last && number === to }));
    };
  }

  #count(before: SensorBatch, after: SensorBatch): void {
    this.losses.conversations += before.conversations.length - after.conversations.length;
    this.losses.sightings += before.sightings.length - after.sightings.length;
  }

  /** One act on the disk at a time. */
  #alone<T>(act: () => Promise<T>): Promise<T> {
    const result = this.#busy.then(act);
    this.#busy = result.catch(() => {});
    return result;
  }
}

function isFull(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG';
}
