import { EVIDENCE_NAMED, type Evidence, type Micros } from '@wardline/model';
import { BoundedMap } from '../engine/bounded-map.ts';
import { anyEvidence, isRecord } from '../engine/likeness.ts';
import type { Detector } from '../engine/scene.ts';

export const MINUTE: Micros = 60_000_000;
export const HOUR: Micros = 60 * MINUTE;

/** What every entry of a window holds. */
export interface Counted {
  start: Micros;
  last: Micros;
  evidence: Evidence[];
}

/** Entries by key that begin anew when they are older than the window; bounded, the oldest forgotten first. */
export class Windows<E extends Counted> {
  readonly #entries: BoundedMap<E>;
  readonly #length: Micros;
  readonly #make: () => Omit<E, keyof Counted>;

  constructor(most: number, length: Micros, make: () => Omit<E, keyof Counted>) {
    this.#entries = new BoundedMap(most, {
      start: 0,
      last: 0,
      evidence: [anyEvidence],
      ...make(),
    } as unknown as E);
    this.#length = length;
    this.#make = make;
  }

  /** The entry of the window that `at` lies in. Something a little late still belongs to it. */
  at(key: string, at: Micros): E {
    const known = this.#entries.get(key);
    if (known !== undefined && at - known.start < this.#length) {
      if (at > known.last) known.last = at;
      return known;
    }
    // Set anew at the end of the queue of those to be forgotten.
    if (known !== undefined) this.#entries.delete(key);
    const fresh = { start: at, last: at, evidence: [], ...this.#make() } as unknown as E;
    this.#entries.set(key, fresh);
    return fresh;
  }

  get(key: string): E | undefined {
    return this.#entries.get(key);
  }

  save(): [string, E][] {
    return this.#entries.save();
  }

  accepts(state: unknown): boolean {
    return this.#entries.accepts(state);
  }

  load(state: unknown): void {
    this.#entries.load(state as [string, E][]);
  }
}

/** Adds to a list of distinct texts that has a bound; returns whether it is in there now. */
export function addDistinct(list: string[], item: string, most: number): boolean {
  if (list.includes(item)) return true;
  if (list.length >= most) return false;
  list.push(item);
  return true;
}

/** Keeps the first few pieces of evidence. */
export function keepEvidence(list: Evidence[], evidence: Evidence): void {
  if (list.length < EVIDENCE_NAMED) list.push(evidence);
}

/** A detector whose state is some windows, by name. */
export abstract class WindowDetector implements Detector {
  abstract readonly name: string;
  protected abstract readonly windows: Readonly<
    Record<string, { save(): unknown; accepts(state: unknown): boolean; load(state: unknown): void }>
  >;

  save(): unknown {
    return Object.fromEntries(Object.entries(this.windows).map(([name, window]) => [name, window.save()]));
  }

  /** A window that is younger than the state begins with nothing. */
  accepts(state: unknown): boolean {
    if (!isRecord(state)) return false;
    return Object.entries(this.windows).every(
      ([name, window]) => state[name] === undefined || window.accepts(state[name]),
    );
  }

  load(state: unknown): void {
    for (const [name, window] of Object.entries(this.windows))
      window.load((state as Record<string, unknown>)[name] ?? []);
  }
}

/** Where a number stands in a sentence. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-GB')} ${noun}${count === 1 ? '' : 's'}`;
}

/** A span of time in words. */
export function spanOf(micros: Micros): string {
  const seconds = Math.max(1, Math.round(micros / 1_000_000));
  if (seconds < 120) return counted(seconds, 'second');
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return counted(minutes, 'minute');
  const hours = Math.round(minutes / 60);
  return hours < 72 ? counted(hours, 'hour') : counted(Math.round(hours / 24), 'day');
}

/** An amount of bytes in words. */
export function amountOf(bytes: number): string {
  if (bytes < 10_000) return counted(bytes, 'byte');
  return bytes < 10_000_000 ? `${Math.round(bytes / 1000)} kB` : `${Math.round(bytes / 1_000_000)} MB`;
}
