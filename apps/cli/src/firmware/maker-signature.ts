import { createHash, createPublicKey, createVerify, type KeyObject, verify } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { readKeyring, verifyDetached } from '@wardline/formats';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { userPath } from '../working-directory.ts';
import { bytesFrom } from './key-file.ts';

/** Ed25519 and OpenPGP are held against a whole image at once, so it has to fit into memory. */
const WHOLE_BYTES = 1024 ** 3;

/**
 * Whether the maker signed an image: a detached signature as `openssl dgst -sha256 -sign`, `openssl pkeyutl -sign -rawin` or
 * `gpg --detach-sign` makes it.
 * @returns SHA-256 of the maker's public key. @throws CommandError where it did not
 */
export async function checkMaker(image: string, signatureFile: string, keyFile: string): Promise<string> {
  const ring = bytesFrom(keyFile).toString('latin1');
  if (ring.includes('BEGIN PGP PUBLIC KEY BLOCK')) return checkOpenPgp(image, signatureFile, ring);
  const key = makerKey(keyFile);
  const signature = signatureOf(bytesFrom(signatureFile));
  const holds =
    key.asymmetricKeyType === 'ed25519'
      ? await ed25519(image, key, signature)
      : await digested(image, key, signature);
  if (!holds) throw new CommandError(`${image} is not what the maker signed`, exitCodes.nothingRead);
  return createHash('sha256')
    .update(key.export({ format: 'der', type: 'spki' }))
    .digest('hex');
}

async function checkOpenPgp(image: string, signatureFile: string, ring: string): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const keys = readKeyring(ring, now);
  if (keys === null) throw new CommandError('the key is no certificate of OpenPGP', exitCodes.failed);
  const document = await wholeImage(image);
  const answer = verifyDetached(document, bytesFrom(signatureFile), keys, now);
  if (!answer.ok)
    throw new CommandError(
      `${image} is not what the maker signed: of the signature, ${answer.why}`,
      exitCodes.nothingRead,
    );
  const primary = keys.find(({ key }) => key.fingerprint === answer.fingerprint)!;
  return createHash('sha256').update(primary.key.hashed).digest('hex');
}

function makerKey(file: string): KeyObject {
  try {
    return createPublicKey(bytesFrom(file));
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${file} holds no public key or certificate in PEM`, exitCodes.failed);
  }
}

/** Raw, or in base64 as some makers send it. */
function signatureOf(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1').trim();
  return /^[A-Za-z0-9+/\s]+={0,2}$/.test(text) && text.length > 40 ? Buffer.from(text, 'base64') : bytes;
}

async function ed25519(image: string, key: KeyObject, signature: Buffer): Promise<boolean> {
  return verify(null, await wholeImage(image), key, signature);
}

async function wholeImage(image: string): Promise<Buffer> {
  const path = userPath(image);
  if ((await stat(path)).size > WHOLE_BYTES)
    throw new CommandError(`${image} is too large for a signature over a whole image at once`);
  return readFile(path);
}

async function digested(image: string, key: KeyObject, signature: Buffer): Promise<boolean> {
  const check = createVerify('sha256');
  for await (const chunk of createReadStream(userPath(image))) check.update(chunk as Buffer);
  return check.verify(key, signature);
}
