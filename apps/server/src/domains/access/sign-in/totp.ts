import { createHmac, timingSafeEqual } from 'node:crypto';

/** RFC 6238 with the values that every authenticator knows: SHA-1, 30 seconds, six digits. */
const STEP_SECONDS = 30;
const DIGITS = 6;

/** RFC 4226 §5.3. */
export function codeAt(secret: Uint8Array, step: number, digits = DIGITS): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', secret).update(counter).digest();
  const offset = digest[19]! & 15;
  const number = digest.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

/**
 * The current step where it is its code, later than the last one that was used; null where it is not. A code holds for its own
 * half minute and no longer, so both clocks have to be right. `now` in microseconds.
 */
export function stepOfCode(secret: Uint8Array, code: string, now: number, last: number): number | null {
  const step = Math.floor(now / 1_000_000 / STEP_SECONDS);
  const given = Buffer.from(code);
  const right = Buffer.from(codeAt(secret, step));
  return given.length === right.length && timingSafeEqual(given, right) && step > last ? step : null;
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
