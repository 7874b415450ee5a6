import { createHash, randomBytes } from 'node:crypto';
import { identityToRecipient } from 'age-encryption';
import { UpdatesFault } from '../fault.ts';
import { TARGET_BYTES } from '../limits.ts';
import { verifiedTarget } from '../verification/bytes.ts';
import type { Firmware } from './description.ts';
import { divide, newHeader, openHeader } from './header.ts';
import { decryptPayload, encryptPayload, NONCE_BYTES } from './payload.ts';

/** How a file begins that age has encrypted to a public key. */
const SEALED = Buffer.from('age-encryption.org/v1\n-> X25519 ');

/** How many bytes of a file tell whether it is sealed. */
export const SEAL_BYTES = SEALED.length;

/** Whether a file is encrypted to a group's key; one by a passphrase is not. */
export const isSealed = (begin: Uint8Array): boolean => SEALED.equals(begin.subarray(0, SEAL_BYTES));

export interface Sealed {
  bytes: AsyncIterable<Uint8Array>;
  /** Of the plaintext; known when all bytes were read. */
  plaintext: () => Firmware['plaintext'];
}

/** Encrypts an image to a group of devices (age-encryption.org/v1). @throws UpdatesFault where the group's key is none */
export async function sealImage(image: AsyncIterable<Uint8Array>, recipient: string): Promise<Sealed> {
  const { header, fileKey } = await newHeader(recipient);
  const digest = createHash('sha256');
  let length = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of image) {
      length += chunk.length;
      if (length > TARGET_BYTES) throw new UpdatesFault('too-long', 'it is longer than any image');
      digest.update(chunk);
      yield chunk;
    }
  }
  async function* sealed(): AsyncGenerator<Uint8Array> {
    const nonce = randomBytes(NONCE_BYTES);
    yield Buffer.concat([header, nonce]);
    yield* encryptPayload(fileKey, nonce, counted());
  }
  return { bytes: sealed(), plaintext: () => ({ length, sha256: digest.copy().digest('hex') }) };
}

/**
 * Opens an image with the group's key. Nothing of it is to be used before the end is reached.
 * @throws UpdatesFault where it is not sealed, not to this key, changed, or not what was signed
 */
export async function* openImage(
  sealed: AsyncIterable<Uint8Array>,
  identity: string,
  { plaintext }: Firmware,
): AsyncGenerator<Uint8Array> {
  const hashes = new Map([['sha256', plaintext.sha256]]);
  const signed = { path: 'the opened image', length: plaintext.length, hashes, custom: null };
  try {
    const { header, nonce, payload } = await divide(sealed);
    const fileKey = await openHeader(header, identity);
    yield* verifiedTarget(signed, decryptPayload(fileKey, nonce, payload));
  } catch (error) {
    if (error instanceof UpdatesFault) throw error;
    throw new UpdatesFault('mismatch', `the image does not open: ${(error as Error).message}`);
  }
}

/** The public half of a group's key. */
export const groupKeyOf = (identity: string): Promise<string> => identityToRecipient(identity);
