/**
 * The payload of a file of age (age-encryption.org/v1, "Payload"): ChaCha20-Poly1305 over chunks of 64 KiB, whose nonces count and
 * mark the last. By the processor's own instructions, which the library that keeps the header does not reach.
 */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';

const CHUNK = 64 * 1024;
const TAG = 16;
/** How many bytes stand between the header and the first chunk. */
export const NONCE_BYTES = 16;

const CIPHER = 'chacha20-poly1305';
const options = { authTagLength: TAG };

/** Encrypts what follows the header and the nonce. */
export async function* encryptPayload(
  fileKey: Uint8Array,
  nonce: Uint8Array,
  plaintext: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const key = payloadKey(fileKey, nonce);
  let number = 0;
  for await (const { bytes, isLast } of chunksOf(plaintext, CHUNK)) {
    const cipher = createCipheriv(CIPHER, key, chunkNonce(number++, isLast), options);
    yield Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
  }
}

/** Each chunk as it is authenticated; that none is missing is known at the end. @throws Error where a chunk is not what was encrypted */
export async function* decryptPayload(
  fileKey: Uint8Array,
  nonce: Uint8Array,
  ciphertext: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const key = payloadKey(fileKey, nonce);
  let number = 0;
  for await (const { bytes, isLast } of chunksOf(ciphertext, CHUNK + TAG)) {
    const end = bytes.length - TAG;
    // An empty chunk at the end of others would be a second writing of the same content.
    if (end < 0 || (end === 0 && number > 0)) throw new Error('it is cut off');
    const decipher = createDecipheriv(CIPHER, key, chunkNonce(number++, isLast), options);
    decipher.setAuthTag(bytes.subarray(end));
    const plain = decipher.update(bytes.subarray(0, end));
    decipher.final();
    yield plain;
  }
}

const payloadKey = (fileKey: Uint8Array, nonce: Uint8Array): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', fileKey, nonce, 'payload', 32));

/** Eleven bytes that count, of which the largest image needs three, and one that marks the end. */
function chunkNonce(number: number, isLast: boolean): Uint8Array {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(number, 5, 6);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

/** A stream in chunks of a size, the last of which may be shorter. A chunk is good until the next is asked for. */
async function* chunksOf(
  stream: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<{ bytes: Uint8Array; isLast: boolean }> {
  const chunk = new Uint8Array(size);
  let used = 0;
  for await (const piece of stream)
    for (let at = 0; at < piece.length; ) {
      if (used === size) {
        yield { bytes: chunk, isLast: false };
        used = 0;
      }
      const part = piece.subarray(at, at + size - used);
      chunk.set(part, used);
      used += part.length;
      at += part.length;
    }
  yield { bytes: chunk.subarray(0, used), isLast: true };
}
