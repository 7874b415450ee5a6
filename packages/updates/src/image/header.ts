import { Decrypter, Encrypter, type Recipient } from 'age-encryption';
import { UpdatesFault } from '../fault.ts';
import { SEAL_HEADER_BYTES } from '../limits.ts';
import { NONCE_BYTES } from './payload.ts';

const TAG_BYTES = 16;
const VERSION = Buffer.from('age-encryption.org/v1\n');
/** How the last line of a header begins: what follows is its MAC. */
const LAST_LINE = Buffer.from('\n--- ');

/** A new key for one file, and the header that gives it to a recipient. @throws UpdatesFault where the recipient is none */
export async function newHeader(recipient: string): Promise<{ header: Uint8Array; fileKey: Uint8Array }> {
  let fileKey: Uint8Array | null = null;
  // Told the key as every recipient is, it adds nothing to the header.
  const listener: Recipient = {
    wrapFileKey: (key) => {
      fileKey = Uint8Array.from(key);
      return [];
    },
  };
  const encrypter = new Encrypter();
  try {
    encrypter.addRecipient(recipient);
  } catch {
    throw new UpdatesFault('malformed', 'the key of the group is no public key of age (age1…)');
  }
  encrypter.addRecipient(listener);
  const empty = await encrypter.encrypt(new Uint8Array());
  return { header: empty.subarray(0, empty.length - NONCE_BYTES - TAG_BYTES), fileKey: fileKey! };
}

/** The file's key, from its header and one that it was given to. @throws Error where it was not, or the header was changed */
export function openHeader(header: Uint8Array, identity: string): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return decrypter.decryptHeader(header);
}

export interface Divided {
  header: Uint8Array;
  nonce: Uint8Array;
  payload: AsyncIterable<Uint8Array>;
}

/** A file's header, nonce and payload. @throws UpdatesFault where it has none, or one that does not end within the bound */
export async function divide(sealed: AsyncIterable<Uint8Array>): Promise<Divided> {
  const pieces = sealed[Symbol.asyncIterator]();
  let begin: Buffer = Buffer.alloc(0);
  for (;;) {
    if (!VERSION.subarray(0, begin.length).equals(begin.subarray(0, VERSION.length)))
      throw new UpdatesFault('mismatch', 'the image is in clear');
    const end = endOfHeader(begin);
    if (end > SEAL_HEADER_BYTES || (end === 0 && begin.length > SEAL_HEADER_BYTES))
      throw new UpdatesFault('too-long', `the image's header is longer than ${SEAL_HEADER_BYTES} bytes`);
    const at = end + NONCE_BYTES;
    if (end > 0 && begin.length >= at)
      return {
        header: begin.subarray(0, end),
        nonce: begin.subarray(end, at),
        payload: rest(begin.subarray(at), pieces),
      };
    const next = await pieces.next();
    if (next.done) throw new UpdatesFault('mismatch', 'the image is cut off');
    begin = Buffer.concat([begin, next.value]);
  }
}

/** Where the header ends; 0 where that is still to come. */
function endOfHeader(begin: Buffer): number {
  const last = begin.subarray(0, SEAL_HEADER_BYTES + 1).indexOf(LAST_LINE);
  return last < 0 ? 0 : begin.indexOf('\n', last + LAST_LINE.length) + 1;
}

async function* rest(begin: Uint8Array, pieces: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield begin;
    for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value;
  } finally {
    await pieces.return?.();
  }
}
