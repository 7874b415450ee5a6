/** Which transactions a base backup holds already: PostgreSQL's `xmin:xmax:xip,…` of the moment at which it was made. */
export interface Snapshot {
  min: bigint;
  max: bigint;
  running: ReadonlySet<bigint>;
}

/** Null where the text is none. */
export function parseSnapshot(text: string): Snapshot | null {
  const match = /^(\d{1,20}):(\d{1,20}):([\d,]*)$/.exec(text);
  if (match === null) return null;
  const [, min, max, running] = match as unknown as [string, string, string, string];
  const ids = running.split(',').filter((id) => id !== '');
  return { min: BigInt(min), max: BigInt(max), running: new Set(ids.map(BigInt)) };
}

const HALF = 1n << 31n;
const WHOLE = 1n << 32n;

/** Whether a transaction, named by its low 32 bits, was committed before the snapshot was taken. */
export function isHeldBy({ min, max, running }: Snapshot, xid: number): boolean {
  // The high bits are those that bring it nearest to the snapshot (PostgreSQL reuses the low ones after 2^32).
  let whole = max - (max % WHOLE) + BigInt(xid);
  if (whole - max > HALF) whole -= WHOLE;
  else if (max - whole > HALF) whole += WHOLE;
  return whole < min || (whole < max && !running.has(whole));
}
