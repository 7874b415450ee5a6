import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { commonPasswords } from './common-passwords.ts';
import { isGuessable } from './guessable.ts';
import { PASSWORD_LEAST, PASSWORD_MOST } from './limits.ts';

/** OWASP's figure for scrypt: 128 MiB for each guess. */
const cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };
const KEY_BYTES = 32;

const derive = (password: string, salt: Uint8Array): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    // The same word typed on another keyboard is the same word (NIST SP 800-63B §5.1.1.2).
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, cost, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });

/** `scrypt$salt$key`, in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt);
  return `scrypt$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

/** Takes as long for an account that does not exist as for one that does. */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const [, salt = '', key = ''] = (hash ?? nobodys).split('$');
  const derived = await derive(password.slice(0, PASSWORD_MOST), Buffer.from(salt, 'base64url'));
  const stored = Buffer.from(key, 'base64url');
  return stored.length === derived.length && timingSafeEqual(stored, derived) && hash !== null;
}

const nobodys = `scrypt$${randomBytes(16).toString('base64url')}$${randomBytes(KEY_BYTES).toString('base64url')}`;

/** Why a password is not taken; null where it is. `own`: words that an attacker would try first. */
export function weakness(password: string, own: readonly string[]): string | null {
  if (Array.from(password).length < PASSWORD_LEAST) return `it has fewer than ${PASSWORD_LEAST} characters`;
  if (password.length > PASSWORD_MOST) return `it has more than ${PASSWORD_MOST} characters`;
  const plain = password.toLowerCase();
  if (new Set(plain).size < 5) return 'it repeats few characters';
  if (commonPasswords().has(password)) return 'it is one of the commonest among those that were stolen';
  if (isGuessable(password)) return 'it is made of words and runs of keys that are tried first';
  const named = own.find((word) => word.length > 3 && plain.includes(word.toLowerCase()));
  return named === undefined ? null : `it holds ${JSON.stringify(named)}, which an attacker tries first`;
}
