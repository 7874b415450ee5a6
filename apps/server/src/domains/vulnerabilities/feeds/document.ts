import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type AdvisoryFault, readDigest, type SigningKey, verifyDetached } from '@wardline/formats';
import { FEED_DOCUMENT_BYTES, FEED_SIDECAR_BYTES } from '../../../limits.ts';
import { FeedError } from './fetch.ts';
import type { Source, SourceEntry } from './source.ts';

/** A document with what lies beside it. */
export interface Fetched {
  bytes: Buffer;
  hash: string | null;
  signature: Buffer | null;
  /** Of all of it and of the keys: another digest is another state. */
  digest: string;
}

/** @throws FeedError */
export async function fetchEntry(
  source: Source,
  { path, hashes, signature }: SourceEntry,
  keys: string,
): Promise<Fetched> {
  const bytes = await source.read(path, FEED_DOCUMENT_BYTES);
  const [hash] = await firstThere(source, hashes);
  const [signed] = keys === '' || signature === null ? [] : await firstThere(source, [signature]);
  const digest = createHash('sha256').update(bytes);
  for (const part of [hash ?? '', signed ?? '', keys]) digest.update('\0').update(part);
  return {
    bytes,
    hash: hash?.toString('utf8') ?? null,
    signature: signed ?? null,
    digest: digest.digest('hex'),
  };
}

async function firstThere(source: Source, paths: readonly string[]): Promise<Buffer[]> {
  for (const path of paths)
    try {
      return [await source.read(path, FEED_SIDECAR_BYTES)];
    } catch (error) {
      if (!(error instanceof FeedError && error.code === 'not-found')) throw error;
    }
  return [];
}

export type Checked = { ok: true; checked: string[] } | { ok: false; fault: AdvisoryFault };

/**
 * CSAF 2.0 §7.1.18 and §7.1.19: the hash that lies beside it, and the signature wherever the feed has keys.
 * @param now seconds since 1970
 */
export function checkEntry(fetched: Fetched, keys: readonly SigningKey[] | null, now: number): Checked {
  const { bytes, hash, signature } = fetched;
  const checked: string[] = [];
  if (hash !== null) {
    const wanted = readDigest(hash);
    if (wanted === null) return failed('hash', 'the file with its hash has none');
    const name = wanted.length === 128 ? 'sha512' : 'sha256';
    const found = createHash(name).update(bytes).digest('hex');
    if (found !== wanted) return failed('hash', `its ${name} is ${found}, and beside it stands ${wanted}`);
    checked.push('hash');
  }
  if (keys !== null) {
    if (signature === null)
      return failed('signature', 'it is not signed, and this feed takes signed documents only');
    const answer = verifyDetached(bytes, signature, keys, now);
    if (!answer.ok) return failed('signature', `its signature does not hold: ${answer.why}`);
    checked.push('signature');
  }
  return { ok: true, checked };
}

const failed = (place: string, message: string): Checked => ({ ok: false, fault: { place, message } });

/** @throws FeedError where it is too large once unpacked */
export async function textOf(bytes: Buffer): Promise<string> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.toString('utf8');
  try {
    return (await promisify(gunzip)(bytes, { maxOutputLength: FEED_DOCUMENT_BYTES })).toString('utf8');
  } catch (error) {
    throw new FeedError('unreadable', `it cannot be unpacked: ${(error as Error).message}`);
  }
}
