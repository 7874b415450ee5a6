/** Start, length, control, destination, source and their checksum (IEEE 1815-2012 §9.2.4). */
export const HEADER = 10;
const BLOCK = 16;
const CHECKSUM = 2;
/** The length counts control and both addresses. */
const LEAST_LENGTH = 5;
const POLYNOMIAL = 0xa6bc;

export interface Frame {
  /** Whole, with all checksums. */
  size: number;
  fromMaster: boolean;
  source: number;
  /** Of the application layer, where the frame begins a fragment. */
  functionCode: number | null;
}

/** `more`: the frame is not whole yet; null: these bytes begin none. */
export function readFrame(bytes: Uint8Array): Frame | 'more' | null {
  if (bytes.length < HEADER) return mayBegin(bytes) ? 'more' : null;
  const length = bytes[2]!;
  if (!mayBegin(bytes) || length < LEAST_LENGTH || !checksumFits(bytes)) return null;
  const user = length - LEAST_LENGTH;
  const size = HEADER + user + CHECKSUM * Math.ceil(user / BLOCK);
  if (bytes.length < size) return 'more';
  const fromMaster = (bytes[3]! & 0x80) !== 0;
  const source = bytes[6]! + bytes[7]! * 256;
  return { size, fromMaster, source, functionCode: functionOf(bytes, user) };
}

function mayBegin(bytes: Uint8Array): boolean {
  return (bytes[0] ?? 0x05) === 0x05 && (bytes[1] ?? 0x64) === 0x64;
}

/** Transport header with its first flag, application control, function (§8.2.1, §4.2.2). */
function functionOf(bytes: Uint8Array, user: number): number | null {
  const begins = user >= 3 && (bytes[HEADER]! & 0x40) !== 0;
  return begins ? bytes[HEADER + 2]! : null;
}

/** CRC-16 of the first eight bytes (§9.2.4.3). */
function checksumFits(bytes: Uint8Array): boolean {
  let sum = 0;
  for (let i = 0; i < HEADER - CHECKSUM; i++) {
    sum ^= bytes[i]!;
    for (let bit = 0; bit < 8; bit++) sum = (sum & 1) === 0 ? sum >> 1 : (sum >> 1) ^ POLYNOMIAL;
  }
  const expected = ~sum & 0xffff;
  return bytes[8] === (expected & 255) && bytes[9] === expected >> 8;
}
