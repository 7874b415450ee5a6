import { createHmac } from 'node:crypto';

/** RFC 6238 with the values that every authenticator knows: SHA-1, 30 seconds, six digits. */
const STEP_SECONDS = 30;
const DIGITS = 6;
/** A clock may be one step off in either direction. */
const WINDOW = 1;

/** RFC 4226 §5.3. */
export function codeAt(secret: Uint8Array, step: number, digits = DIGITS): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', secret).update(counter).digest();
  const offset = digest[19]! & 15;
  const number = digest.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

/** The step whose code it is, later than the last one that was used; null where it is none. `now` in microseconds. */
export function stepOfCode(secret: Uint8Array, code: string, now: number, last: number): number | null {
  const current = Math.floor(now / 1_000_000 / STEP_SECONDS);
  let found: number | null = null;
  // Every step is tried, so that the time does not tell which one it was.
  for (let step = current - WINDOW; step <= current + WINDOW; step += 1)
    if (codeAt(secret, step) === code && step > last) found = step;
  return found;
}

/** RFC 4648 base32 without padding, as authenticators take it by hand. */
export function base32(bytes: Uint8Array): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => letters[Number.parseInt(five.padEnd(5, '0'), 2)])
    .join('');
}

export function otpauthUri(secret: Uint8Array, account: string, issuer: string): string {
  const query = new URLSearchParams({ secret: base32(secret), issuer });
  return `otpauth://totp/${encodeURIComponent(`${issuer}:${account}`)}?${query.toString()}`;
}
