import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readKeyring } from './openpgp-keys.ts';

export type SignatureAnswer = { ok: true; fingerprint: string } | { ok: false; why: string };

/** Holds documents against detached OpenPGP signatures, by GnuPG's `gpgv` and with the keys of one feed only. */
export class SignatureCheck {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(keys: string): Promise<SignatureCheck> {
    const folder = await mkdtemp(join(tmpdir(), 'wardline-keys-'));
    await writeFile(join(folder, 'ring.gpg'), readKeyring(keys)?.bytes ?? '');
    return new SignatureCheck(folder);
  }

  async check(document: Buffer, signature: Buffer): Promise<SignatureAnswer> {
    await writeFile(join(this.#folder, 'document'), document);
    await writeFile(join(this.#folder, 'signature'), signature);
    return answerOf(await runGpgv(this.#folder));
  }

  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

const GPGV_MILLISECONDS = 60_000;

/** Status lines; null where the program is not there. */
function runGpgv(folder: string): Promise<string | null> {
  const names = ['ring.gpg', 'signature', 'document'].map((name) => join(folder, name));
  const [ring, signature, document] = names as [string, string, string];
  const args = [
    '--homedir',
    folder,
    '--status-fd',
    '1',
    '--weak-digest',
    'SHA1',
    '--keyring',
    ring,
    signature,
    document,
  ];
  const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C' };
  return new Promise((resolve) => {
    execFile('gpgv', args, { env, timeout: GPGV_MILLISECONDS, maxBuffer: 100_000 }, (error, stdout) =>
      resolve((error as NodeJS.ErrnoException | null)?.code === 'ENOENT' ? null : stdout),
    );
  });
}

/** GnuPG's doc/DETAILS: only GOODSIG with VALIDSIG is a valid signature of a key that is neither expired nor revoked. */
function answerOf(status: string | null): SignatureAnswer {
  if (status === null) return { ok: false, why: 'it cannot be checked: gpgv (GnuPG) is not installed' };
  const words = status
    .split('\n')
    .flatMap((line) => (line.startsWith('[GNUPG:] ') ? [line.slice(9).split(' ')] : []));
  const has = (keyword: string) => words.find(([first]) => first === keyword);
  const valid = has('VALIDSIG');
  const bad = ['BADSIG', 'EXPSIG', 'EXPKEYSIG', 'REVKEYSIG', 'ERRSIG'].find(has);
  if (valid !== undefined && has('GOODSIG') !== undefined && bad === undefined)
    return { ok: true, fingerprint: valid[10] ?? valid[1] ?? '' };
  const whys: Readonly<Record<string, string>> = {
    BADSIG: 'it does not fit the document',
    EXPSIG: 'it has expired',
    EXPKEYSIG: 'its key has expired',
    REVKEYSIG: 'its key was revoked',
    ERRSIG: 'none of the feed’s keys made it',
  };
  return { ok: false, why: whys[bad ?? ''] ?? 'it is no signature' };
}
