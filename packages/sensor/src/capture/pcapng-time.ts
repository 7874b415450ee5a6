/** Turns the two halves of a pcapng timestamp into microseconds since the epoch. */
export type Clock = (high: number, low: number) => number;

const OPTION_END = 0;
const IF_TSRESOL = 9;
const IF_TSOFFSET = 14;
const WORD = 4_294_967_296;

/** The clock of an interface, by its options if_tsresol and if_tsoffset (draft-ietf-opsawg-pcapng §4.2). */
export function clockOf(view: DataView, start: number, end: number, littleEndian: boolean): Clock {
  let resolution = 6;
  let offset = 0n;
  for (let at = start; at + 4 <= end; ) {
    const code = view.getUint16(at, littleEndian);
    const length = view.getUint16(at + 2, littleEndian);
    const value = at + 4;
    if (code === OPTION_END || value + length > end) break;
    if (code === IF_TSRESOL && length >= 1) resolution = view.getUint8(value);
    if (code === IF_TSOFFSET && length >= 8) offset = view.getBigInt64(value, littleEndian);
    at = value + length + ((4 - (length % 4)) % 4);
  }
  return clock(resolution, offset);
}

function clock(resolution: number, offset: bigint): Clock {
  if (offset === 0n && resolution === 6) return (high, low) => safe(high * WORD + low);
  if (offset === 0n && resolution === 9) return nanoseconds;
  const exponent = BigInt(resolution & 0x7f);
  const perSecond = resolution & 0x80 ? 2n ** exponent : 10n ** exponent;
  return (high, low) => {
    const ticks = (BigInt(high) << 32n) | BigInt(low);
    return safe(Number((ticks * 1_000_000n) / perSecond + offset * 1_000_000n));
  };
}

/** 64 bits of nanoseconds go beyond what a double holds exactly, so the halves are divided apart. */
function nanoseconds(high: number, low: number): number {
  const rest = (high % 1000) * WORD + low;
  return safe(Math.floor(high / 1000) * WORD + Math.floor(rest / 1000));
}

/** A damaged clock must not leave the range of exact integers. */
function safe(micros: number): number {
  return Math.min(Math.max(micros, 0), Number.MAX_SAFE_INTEGER);
}
