import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { isSignedBy, privateKeyOf, publicKeyOf, rawOf } from './ed25519.ts';
import { NOTE_BYTES, SIGNATURES } from './limits.ts';

/** C2SP signed-note: signature types of a key. */
const ED25519 = 0x01;
const COSIGNATURE = 0x04;

/** A name and a key by which signatures are told apart and checked. */
export interface Verifier {
  name: string;
  id: Uint8Array;
  /** `ed25519`: signs the note's text. `cosignature`: signs it with the time at which it was seen (C2SP tlog-cosignature). */
  kind: 'ed25519' | 'cosignature';
  key: KeyObject;
}

export interface Signer extends Verifier {
  privateKey: KeyObject;
}

export interface NoteSignature {
  name: string;
  id: Uint8Array;
  signature: Uint8Array;
}

export interface Note {
  /** With its last line end. */
  text: string;
  signatures: readonly NoteSignature[];
}

const byteOf = { ed25519: ED25519, cosignature: COSIGNATURE } as const;

/** SHA-256(name ‖ 0x0A ‖ type ‖ key)[:4] */
function keyId(name: string, kind: Verifier['kind'], raw: Uint8Array): Uint8Array {
  const digest = createHash('sha256')
    .update(`${name}\n`)
    .update(Uint8Array.of(byteOf[kind]))
    .update(raw)
    .digest();
  return new Uint8Array(digest.subarray(0, 4));
}

const isName = (name: string): boolean => name !== '' && name.length <= 200 && !/[\s+]/u.test(name);

/** A signer from 32 bytes of seed. @throws RangeError where name or seed is none */
export function createSigner(name: string, seed: Uint8Array, kind: Verifier['kind'] = 'ed25519'): Signer {
  if (!isName(name) || seed.length !== 32)
    throw new RangeError('a signer has a name without spaces and a seed of 32 bytes');
  const privateKey = privateKeyOf(seed);
  const key = createPublicKey(privateKey);
  return { name, kind, key, privateKey, id: keyId(name, kind, rawOf(key)) };
}

/** `name+id+key`, as C2SP signed-note writes it. */
export function verifierText({ name, kind, key, id }: Verifier): string {
  const raw = Buffer.concat([Uint8Array.of(byteOf[kind]), rawOf(key)]);
  return `${name}+${Buffer.from(id).toString('hex')}+${raw.toString('base64')}`;
}

/** Null where the text is no verifier key, or its identifier is not that of its key. */
export function parseVerifier(text: string): Verifier | null {
  const match = /^([^\s+]{1,200})\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{4,200})$/.exec(text.trim());
  if (match === null) return null;
  const [, name, id, encoded] = match as unknown as [string, string, string, string];
  const bytes = Buffer.from(encoded, 'base64');
  const kind = bytes[0] === ED25519 ? 'ed25519' : bytes[0] === COSIGNATURE ? 'cosignature' : null;
  if (kind === null || bytes.length !== 33 || bytes.toString('base64') !== encoded) return null;
  const raw = bytes.subarray(1);
  const expected = keyId(name, kind, raw);
  return Buffer.from(expected).toString('hex') === id
    ? { name, kind, id: expected, key: publicKeyOf(raw) }
    : null;
}

/** What a cosignature signs: a header, the time in seconds, and the note's text. */
const cosigned = (seconds: bigint, text: string): string => `cosignature/v1\ntime ${seconds}\n${text}`;

/** Signs a text that ends with a line end. `seconds` is the time at which a cosigner saw it. */
export function signNote(text: string, signer: Signer, seconds = 0): NoteSignature {
  const { name, id, kind, privateKey } = signer;
  if (kind === 'ed25519') return { name, id, signature: sign(null, Buffer.from(text), privateKey) };
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(seconds));
  const signature = sign(null, Buffer.from(cosigned(BigInt(seconds), text)), privateKey);
  return { name, id, signature: Buffer.concat([time, signature]) };
}

export function formatNote({ text, signatures }: Note): string {
  const lines = signatures.map(
    ({ name, id, signature }) => `— ${name} ${Buffer.concat([id, signature]).toString('base64')}\n`,
  );
  return `${text}\n${lines.join('')}`;
}

/** Null where the text is no signed note. */
export function parseNote(text: string): Note | null {
  if (Buffer.byteLength(text) > NOTE_BYTES || !text.isWellFormed() || hasControls(text)) return null;
  const split = text.lastIndexOf('\n\n');
  if (split < 0 || !text.endsWith('\n')) return null;
  const lines = text.slice(split + 2, -1).split('\n');
  if (lines.length > SIGNATURES) return null;
  const signatures = lines.map(parseSignature);
  return signatures.includes(null)
    ? null
    : { text: text.slice(0, split + 1), signatures: signatures as NoteSignature[] };
}

/** Line ends are the only control characters of a note. */
function hasControls(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x20 && code !== 0x0a) return true;
  }
  return false;
}

function parseSignature(line: string): NoteSignature | null {
  const match = /^— ([^\s+]{1,200}) ([A-Za-z0-9+/=]{8,20000})$/u.exec(line);
  if (match === null) return null;
  const bytes = Buffer.from(match[2]!, 'base64');
  if (bytes.length < 5 || bytes.toString('base64') !== match[2]) return null;
  return {
    name: match[1]!,
    id: new Uint8Array(bytes.subarray(0, 4)),
    signature: new Uint8Array(bytes.subarray(4)),
  };
}

/** Who signed a note: the verifiers whose signature holds, with the time of a cosignature in seconds. */
export type NoteCheck =
  | { signedBy: { verifier: Verifier; seconds: number | null }[] }
  /** A signature of a known key does not hold: the note was altered. */
  | { forged: Verifier };

/** Signatures of unknown keys are passed over; one of a known key that does not hold condemns the note. */
export function checkNote(note: Note, verifiers: readonly Verifier[]): NoteCheck {
  const signedBy: { verifier: Verifier; seconds: number | null }[] = [];
  for (const verifier of verifiers) {
    const own = note.signatures.filter(
      ({ name, id }) => name === verifier.name && Buffer.compare(id, verifier.id) === 0,
    );
    for (const { signature } of own) {
      const seconds = holds(note.text, signature, verifier);
      if (seconds === false) return { forged: verifier };
      signedBy.push({ verifier, seconds });
    }
  }
  return { signedBy };
}

/** False where the signature does not hold; else the time of a cosignature, or null. */
function holds(text: string, signature: Uint8Array, { kind, key }: Verifier): number | null | false {
  if (kind === 'ed25519') return isSignedBy(key, Buffer.from(text), signature) ? null : false;
  if (signature.length !== 72) return false;
  const seconds = Buffer.from(signature).readBigUInt64BE(0);
  const signed = Buffer.from(cosigned(seconds, text));
  return isSignedBy(key, signed, signature.subarray(8)) ? Number(seconds) : false;
}
