import { KEPT_TEXT } from '../limits.ts';
import { isLike } from './likeness.ts';

/** A map that forgets what was set first when it is full. What is looked up with `touch` counts as set anew. */
export class BoundedMap<V> {
  readonly #most: number;
  readonly #exemplar: V;
  readonly #map = new Map<string, V>();
  /** Entries given up to stay within the bound. */
  forgotten = 0;

  /** The exemplar shows what a stored entry must look like ({@link isLike}). */
  constructor(most: number, exemplar: V) {
    this.#most = most;
    this.#exemplar = exemplar;
  }

  get size(): number {
    return this.#map.size;
  }

  get(key: string): V | undefined {
    return this.#map.get(key);
  }

  has(key: string): boolean {
    return this.#map.has(key);
  }

  /** The entry, made where there is none. */
  touch(key: string, make: () => V): V {
    const known = this.#map.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.set(key, made);
    return made;
  }

  set(key: string, value: V): void {
    if (!this.#map.has(key) && this.#map.size >= this.#most) {
      const [oldest] = this.#map.keys();
      this.#map.delete(oldest!);
      this.forgotten += 1;
    }
    this.#map.set(key, value);
  }

  delete(key: string): void {
    this.#map.delete(key);
  }

  entries(): IterableIterator<[string, V]> {
    return this.#map.entries();
  }

  values(): IterableIterator<V> {
    return this.#map.values();
  }

  /** In order of age, as {@link BoundedMap.load} takes them. */
  save(): [string, V][] {
    return [...this.#map];
  }

  /** True where {@link BoundedMap.load} can take it. */
  accepts(state: unknown): boolean {
    return Array.isArray(state) && state.length <= this.#most && state.every((entry) => this.#isEntry(entry));
  }

  #isEntry(entry: unknown): boolean {
    if (!Array.isArray(entry) || entry.length !== 2) return false;
    const [key, value] = entry as unknown[];
    return typeof key === 'string' && key.length <= KEPT_TEXT && isLike(value, this.#exemplar);
  }

  load(entries: readonly (readonly [string, V])[]): void {
    this.#map.clear();
    for (const [key, value] of entries) this.set(key, value);
  }
}
