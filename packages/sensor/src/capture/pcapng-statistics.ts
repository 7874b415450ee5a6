const OPTION_END = 0;
const ISB_IFDROP = 5;
const ISB_OSDROP = 7;

/** What an interface's statistics (draft-ietf-opsawg-pcapng §4.6) say was lost by card and kernel; null where they don't say. */
export function lostPackets(
  view: DataView,
  start: number,
  end: number,
  littleEndian: boolean,
): number | null {
  let lost: bigint | null = null;
  for (let at = start; at + 4 <= end; ) {
    const code = view.getUint16(at, littleEndian);
    const length = view.getUint16(at + 2, littleEndian);
    const value = at + 4;
    if (code === OPTION_END || value + length > end) break;
    if ((code === ISB_IFDROP || code === ISB_OSDROP) && length === 8) {
      lost = (lost ?? 0n) + view.getBigUint64(value, littleEndian);
    }
    at = value + length + ((4 - (length % 4)) % 4);
  }
  return lost === null ? null : Number(lost > MOST ? MOST : lost);
}

/** Statistics may be damaged; what they say must stay an exact number with others added to it. */
const MOST = 2n ** 40n;
