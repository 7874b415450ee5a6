/** Counts by cause, of what had to be left out and what was given up. */
export class Tally {
  #dropped = new Map<string, number>();
  #evicted = new Map<string, number>();

  dropped(cause: string): void {
    count(this.#dropped, cause);
  }

  evicted(table: string): void {
    count(this.#evicted, table);
  }

  /** Takes the counts since the last time. */
  take(): { dropped: Record<string, number>; evicted: Record<string, number> } {
    const taken = { dropped: sorted(this.#dropped), evicted: sorted(this.#evicted) };
    this.#dropped = new Map();
    this.#evicted = new Map();
    return taken;
  }
}

/** Causes come from our own code, so there are few; the bound holds should a dissector make them of input. */
const MOST_CAUSES = 256;
const LONGEST_CAUSE = 40;

function count(counts: Map<string, number>, cause: string): void {
  const name = cause.slice(0, LONGEST_CAUSE);
  const known = counts.has(name) || counts.size < MOST_CAUSES ? name : 'other';
  counts.set(known, (counts.get(known) ?? 0) + 1);
}

function sorted(counts: Map<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
