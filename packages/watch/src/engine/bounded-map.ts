/** A map that forgets what was set first when it is full. What is looked up with `touch` counts as set anew. */
export class BoundedMap<V> {
  readonly #most: number;
  readonly #map = new Map<string, V>();
  /** Entries given up to stay within the bound. */
  forgotten = 0;

  constructor(most: number) {
    this.#most = most;
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

  load(entries: readonly (readonly [string, V])[]): void {
    this.#map.clear();
    for (const [key, value] of entries) this.set(key, value);
  }
}
