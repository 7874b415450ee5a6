import { UpdatesFault } from '../fault.ts';
import { TARGET_BYTES } from '../limits.ts';
import { integerAt, isObject, type Json, type JsonObject, member, objectAt } from './json.ts';

export type Hashes = ReadonlyMap<string, string>;

/** What one file of metadata says of another (TUF §4.4). */
export interface MetaFile {
  version: number;
  length: number | null;
  hashes: Hashes | null;
}

/** What is said of a target (TUF §4.5). */
export interface TargetFile {
  path: string;
  length: number;
  hashes: Hashes;
  /** What an application adds; this package reads it only where it is asked to. */
  custom: JsonObject | null;
}

export function readMetaFile(name: string, value: Json | undefined): MetaFile {
  if (!isObject(value)) throw new UpdatesFault('malformed', `"${name}" is no object`);
  return {
    version: integerAt(value, 'version', 1),
    length: member(value, 'length') === undefined ? null : integerAt(value, 'length', 1),
    hashes: member(value, 'hashes') === undefined ? null : readHashes(objectAt(value, 'hashes')),
  };
}

export function readTargetFile(path: string, value: Json): TargetFile {
  if (!isObject(value)) throw new UpdatesFault('malformed', `target "${path}" is no object`);
  const length = integerAt(value, 'length', 0);
  if (length > TARGET_BYTES) throw new UpdatesFault('too-long', `target "${path}" is longer than any image`);
  const custom = member(value, 'custom');
  return {
    path,
    length,
    hashes: readHashes(objectAt(value, 'hashes')),
    custom: isObject(custom) ? custom : null,
  };
}

/** Digests in hexadecimal; at least one that we can check. */
function readHashes(value: JsonObject): Hashes {
  const entries = Object.entries(value);
  const isDigest = (digest: Json): digest is string =>
    typeof digest === 'string' && /^[0-9a-f]+$/i.test(digest);
  if (!entries.every(([, digest]) => isDigest(digest)))
    throw new UpdatesFault('malformed', 'a digest is not in hexadecimal');
  if (!entries.some(([name]) => DIGESTS.has(name)))
    throw new UpdatesFault('malformed', `no digest is one of ${[...DIGESTS].join(', ')}`);
  return new Map(entries.map(([name, digest]) => [name, (digest as string).toLowerCase()]));
}

/** The digests that are checked; others beside them are passed over. */
export const DIGESTS: ReadonlySet<string> = new Set(['sha256', 'sha384', 'sha512']);
