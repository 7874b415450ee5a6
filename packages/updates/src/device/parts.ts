import type { TargetSource } from '../client/ports.ts';
import { addressOf } from '../client/refresh.ts';
import type { TrustedRoot } from '../client/root.ts';
import { UpdatesFault } from '../fault.ts';
import type { TargetFile } from '../metadata/file.ts';
import { verifiedTarget } from '../verification/bytes.ts';

/** Begins of encrypted images that were cut off, each under its address. What is kept here is trusted as little as the network is. */
export interface PartStore {
  /** What is held, from its first byte; nothing where nothing is. */
  read(address: string): AsyncIterable<Uint8Array>;
  append(address: string, bytes: Uint8Array): Promise<void>;
  drop(address: string): Promise<void>;
}

/**
 * Hands an encrypted image to who takes it, verified at its end. Where there is a store, a download goes on where it was cut off; what
 * was held is dropped once the image was taken, and where it turned out not to be the begin of what was signed.
 */
export async function fetched(
  parts: PartStore | undefined,
  source: TargetSource,
  root: TrustedRoot,
  target: TargetFile,
  take: (sealed: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<void> {
  const address = addressOf(root, target);
  if (parts === undefined) return take(verifiedTarget(target, source.target(address, 0)));
  try {
    await take(verifiedTarget(target, resumed(parts, source, address, target.length)));
  } catch (error) {
    if (error instanceof UpdatesFault && isOfContent(error)) await parts.drop(address);
    throw error;
  }
  await parts.drop(address);
}

const isOfContent = ({ code }: UpdatesFault): boolean => code === 'mismatch' || code === 'too-long';

async function* resumed(
  parts: PartStore,
  source: TargetSource,
  address: string,
  length: number,
): AsyncGenerator<Uint8Array> {
  let held = 0;
  for await (const chunk of parts.read(address)) {
    held += chunk.length;
    yield chunk;
  }
  if (held >= length) return;
  for await (const chunk of source.target(address, held)) {
    // Never more than was signed: what is kept is bounded by it.
    if (held + chunk.length > length)
      throw new UpdatesFault('too-long', `${address}: longer than its ${length} bytes`);
    held += chunk.length;
    await parts.append(address, chunk);
    yield chunk;
  }
}
