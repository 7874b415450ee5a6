import { Readable } from 'node:stream';
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { BackupFault } from './frames.ts';

/** For whom a backup is encrypted: a public key, so that the server can't read it again, or a passphrase. */
export type Sealing = { recipients: readonly string[] } | { passphrase: string };
/** What opens it. */
export type Opening = { identity: string } | { passphrase: string };

/** Encrypts a stream as age does (age-encryption.org/v1). @throws BackupFault where the recipient is none */
export async function sealStream(bytes: AsyncIterable<Uint8Array>, to: Sealing): Promise<Readable> {
  const encrypter = new Encrypter();
  try {
    if ('recipients' in to) for (const recipient of to.recipients) encrypter.addRecipient(recipient);
    else encrypter.setPassphrase(to.passphrase);
  } catch {
    throw new BackupFault('the recipient is no public key of age (age1…)');
  }
  const source = Readable.toWeb(Readable.from(bytes)) as ReadableStream<Uint8Array>;
  return Readable.fromWeb((await encrypter.encrypt(source)) as never);
}

/** Opens what was sealed. @throws BackupFault where the key does not fit; while reading, where a byte was changed or the end is cut off */
export async function openStream(
  sealed: AsyncIterable<Uint8Array>,
  by: Opening,
): Promise<AsyncIterable<Uint8Array>> {
  const decrypter = new Decrypter();
  try {
    if ('identity' in by) decrypter.addIdentity(by.identity);
    else decrypter.addPassphrase(by.passphrase);
    const source = Readable.toWeb(Readable.from(sealed)) as ReadableStream<Uint8Array>;
    return guarded(Readable.fromWeb((await decrypter.decrypt(source)) as never));
  } catch (error) {
    throw new BackupFault(`the backup cannot be opened with this key: ${(error as Error).message}`);
  }
}

async function* guarded(stream: Readable): AsyncGenerator<Uint8Array> {
  try {
    yield* stream as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw new BackupFault(`the backup was changed or is cut off: ${(error as Error).message}`);
  }
}

/** A new pair of keys for backups; the identity belongs far from the server. */
export async function makeBackupKeys(): Promise<{ identity: string; recipient: string }> {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}
