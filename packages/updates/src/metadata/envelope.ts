import { UpdatesFault } from '../fault.ts';
import { canonicalJson } from './canonical-json.ts';
import { isObject, type Json, member, objectAt, parseJson, textAt } from './json.ts';
import { type Kind, readers, type SignedOf } from './signed.ts';

/** Metadata as it came: what it says, what was signed, and by whom. Nothing of it is verified yet. */
export interface Envelope<T> {
  signed: T;
  /** The canonical form of everything under `signed`, what is unknown to us included (TUF §4). */
  payload: Uint8Array;
  /** Hexadecimal signatures by the identifier of their key. */
  signatures: ReadonlyMap<string, string>;
  bytes: Uint8Array;
}

/** Reads metadata of one kind. @throws UpdatesFault where it is none */
export function readMetadata<K extends Kind>(kind: K, bytes: Uint8Array): Envelope<SignedOf<K>> {
  const whole = parseJson(bytes);
  if (!isObject(whole)) throw new UpdatesFault('malformed', 'it is no object');
  const signed = objectAt(whole, 'signed');
  return {
    signed: readers[kind](signed) as SignedOf<K>,
    payload: canonicalJson(signed),
    signatures: readSignatures(member(whole, 'signatures')),
    bytes,
  };
}

/** TUF §4.2: the key's identifier is unique among signatures, however many of them would be needed. */
function readSignatures(value: Json | undefined): ReadonlyMap<string, string> {
  if (!Array.isArray(value)) throw new UpdatesFault('malformed', '"signatures" is no list');
  const signatures = new Map<string, string>();
  for (const item of value as readonly Json[]) {
    if (!isObject(item)) throw new UpdatesFault('malformed', 'a signature is no object');
    const id = textAt(item, 'keyid');
    if (signatures.has(id)) throw new UpdatesFault('malformed', 'one key has signed more than once');
    signatures.set(id, textAt(item, 'sig'));
  }
  return signatures;
}
