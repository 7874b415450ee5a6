const FIXED = 10;
const EXTRA = 4;
const NAME = 8;
const COMMENT = 16;
const CHECKSUM = 2;
/** Extra fields end at 64 KiB by themselves; a name or comment that goes on beyond this is damage. */
export const MAX_GZIP_HEADER = 131_072;

/** Length of the member header that these bytes start with (RFC 1952 §2.3), `more` where it is not whole, `invalid`. */
export function gzipHeaderLength(bytes: Uint8Array): number | 'more' | 'invalid' {
  for (const [at, value] of [0x1f, 0x8b, 8].entries()) {
    if (bytes.length > at && bytes[at] !== value) return 'invalid';
  }
  if (bytes.length < FIXED) return 'more';
  const flags = bytes[3]!;
  let at = FIXED;
  if (flags & EXTRA) at += 2 + ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8));
  for (const flag of [NAME, COMMENT]) {
    if ((flags & flag) === 0) continue;
    const end = bytes.indexOf(0, at);
    if (end < 0) return bytes.length > MAX_GZIP_HEADER ? 'invalid' : 'more';
    at = end + 1;
  }
  if (flags & CHECKSUM) at += 2;
  return at <= bytes.length ? at : 'more';
}
