import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { type DocumentSigner, type Key, keyIdOf, signerOf } from '@wardline/updates';
import { z } from 'zod';
import { explainSystemError } from '../assessment/captures.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { userPath } from '../working-directory.ts';

const publicKeySchema = z.object({ type: z.string(), scheme: z.string(), public: z.string() });

/** Makes a key of Ed25519: the private half for whoever keeps it, the public one for everybody. */
export function makeKeyFile(file: string, passphrase: string | undefined): Key {
  const { privateKey } = generateKeyPairSync('ed25519');
  writeOnce(file, pemOf(privateKey, passphrase), 0o600);
  const { key } = signerOf(privateKey);
  writeOnce(`${file}.pub.json`, `${JSON.stringify(key, null, 2)}\n`, 0o644);
  return key;
}

const pemOf = (key: KeyObject, passphrase: string | undefined): string => {
  const sealing = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  return key.export({ type: 'pkcs8', format: 'pem', ...sealing }).toString();
};

/** Never writes over what is there: it may be the only copy of a key. */
export function writeOnce(file: string, content: string, mode: number): void {
  try {
    const open = openSync(userPath(file), 'wx', mode);
    try {
      writeSync(open, content);
      fsyncSync(open);
    } finally {
      closeSync(open);
    }
  } catch (error) {
    throw new CommandError(`${file} ${explainSystemError(error)}`, exitCodes.failed);
  }
}

/** @throws CommandError where the file holds no key, or the passphrase is another */
export function signerFrom(file: string, passphrase: string | undefined): DocumentSigner {
  const pem = textFrom(file);
  try {
    return signerOf(createPrivateKey(passphrase === undefined ? pem : { key: pem, passphrase }));
  } catch {
    const hint = pem.includes('ENCRYPTED')
      ? 'does not open with this passphrase'
      : 'holds no private key of Ed25519';
    throw new CommandError(`${file} ${hint}`, exitCodes.failed);
  }
}

/** @throws CommandError */
export function publicKeyFrom(file: string): Key {
  const key = jsonFrom(file, publicKeySchema);
  return { id: keyIdOf(key), ...key };
}

export function jsonFrom<T>(file: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(textFrom(file)));
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${file} is not what is expected here`, exitCodes.failed);
  }
}

export const textFrom = (file: string): string => bytesFrom(file).toString('utf8');

export function bytesFrom(file: string): Buffer {
  try {
    return readFileSync(userPath(file));
  } catch (error) {
    throw new CommandError(`${file} ${explainSystemError(error)}`, exitCodes.failed);
  }
}
