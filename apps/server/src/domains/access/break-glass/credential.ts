import { randomBytes, randomInt, scrypt, timingSafeEqual } from 'node:crypto';

/** Crockford's base 32: no letter is taken for a digit, however it is written by hand. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const WRITTEN = /^[0-9A-HJKMNP-TV-Z]*$/;
/** Finds the seal; kept in clear. */
const HANDLE_CHARS = 5;
/** 125 bits: nobody guesses it, at whatever speed. */
const SECRET_CHARS = 25;
const GROUP = 5;
const SALT_BYTES = 16;
/** RFC 7914 §2; 32 MB and some 100 ms, so that a stolen database costs whoever tries. */
const SCRYPT = { N: 32_768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
const DIGEST_BYTES = 32;

export interface Credential {
  handle: string;
  secret: string;
}

export interface Sealed {
  salt: Buffer;
  digest: Buffer;
}

/** A new credential and how it is written on paper. */
export function makeCredential(): Credential & { text: string } {
  const text = Array.from({ length: HANDLE_CHARS + SECRET_CHARS }, () => ALPHABET[randomInt(32)]).join('');
  const groups = Array.from({ length: text.length / GROUP }, (_, n) =>
    text.slice(n * GROUP, (n + 1) * GROUP),
  );
  return { ...split(text), text: groups.join('-') };
}

const split = (text: string): Credential => ({
  handle: text.slice(0, HANDLE_CHARS),
  secret: text.slice(HANDLE_CHARS),
});

/** Reads what somebody typed from paper; null where it is none. */
export function readCredential(typed: string): Credential | null {
  const text = typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  const fits = text.length === HANDLE_CHARS + SECRET_CHARS && WRITTEN.test(text);
  return fits ? split(text) : null;
}

export async function seal(secret: string): Promise<Sealed> {
  const salt = randomBytes(SALT_BYTES);
  return { salt, digest: await digestOf(secret, salt) };
}

/** Takes as long where nothing is sealed, so that time does not tell which handles exist. */
export async function opens(secret: string, sealed: Sealed | undefined): Promise<boolean> {
  const { salt, digest } = sealed ?? { salt: Buffer.alloc(SALT_BYTES), digest: Buffer.alloc(DIGEST_BYTES) };
  const equal = timingSafeEqual(await digestOf(secret, salt), digest);
  return equal && sealed !== undefined;
}

function digestOf(secret: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, DIGEST_BYTES, SCRYPT, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
