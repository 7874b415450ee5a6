import type { LedgerProof } from '@wardline/model';

/** What this browser found when it worked the proof out by itself. */
export type Checked = { proved: true; size: number; steps: number } | { proved: false; message: string };

const bytesOf = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const hexOf = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const base64Of = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (character) => character.codePointAt(0)!);

async function sha256(...parts: Uint8Array[]): Promise<Uint8Array<ArrayBuffer>> {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', whole));
}

/**
 * Works an act's proof out anew: the bytes of the act to its leaf, the leaf by the proof to the root (RFC 9162 §2.1.3.2), the
 * root against the signed head, and the signature by the ledger's key. Nothing of it is taken from the server's word
 * but the key itself.
 */
export async function checkProof(proof: LedgerProof): Promise<Checked> {
  const note = readNote(proof.head.note);
  if (note === null) return refused('The signed head cannot be read.');
  if (!(await isSigned(note, proof.head.key)))
    return refused('The head is not signed by the key of the ledger.');
  const leaf = await sha256(Uint8Array.of(0), new TextEncoder().encode(proof.text));
  const root = await climb(leaf, proof.entry.sequence - 1, note.size, proof.proof.map(bytesOf));
  if (root === null || hexOf(root) !== note.root)
    return refused('The act does not stand in the signed ledger.');
  if (!(await textsFit(proof))) return refused('A personal text is not the one that was entered.');
  return { proved: true, size: note.size, steps: proof.proof.length };
}

const refused = (message: string): Checked => ({ proved: false, message });

interface Note {
  text: string;
  size: number;
  root: string;
  signatures: { name: string; bytes: Uint8Array<ArrayBuffer> }[];
}

function readNote(text: string): Note | null {
  const split = text.lastIndexOf('\n\n');
  const [, size, root] = text.split('\n');
  if (split < 0 || size === undefined || root === undefined || !/^\d{1,16}$/.test(size)) return null;
  const lines = text
    .slice(split + 2)
    .trimEnd()
    .split('\n');
  const signatures = lines.flatMap((line) => {
    const match = /^— (\S+) ([A-Za-z0-9+/=]+)$/.exec(line);
    return match ? [{ name: match[1]!, bytes: base64Of(match[2]!) }] : [];
  });
  return { text: text.slice(0, split + 1), size: Number(size), root: hexOf(base64Of(root)), signatures };
}

/** The log's own signature: four bytes of the key's name, then Ed25519 over the text. */
async function isSigned({ text, signatures }: Note, verifier: string): Promise<boolean> {
  const [name, id, key] = splitKey(verifier);
  const raw = base64Of(key);
  if (raw[0] !== 1 || raw.length !== 33) return false;
  const own = signatures.find((one) => one.name === name && hexOf(one.bytes.slice(0, 4)) === id);
  if (own === undefined) return false;
  const imported = await crypto.subtle.importKey('raw', raw.slice(1), 'Ed25519', false, ['verify']);
  return crypto.subtle.verify('Ed25519', imported, own.bytes.slice(4), new TextEncoder().encode(text));
}

function splitKey(verifier: string): [name: string, id: string, key: string] {
  const match = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(verifier);
  return [match?.[1] ?? '', match?.[2] ?? '', match?.[3] ?? ''];
}

/** The root that leaf and proof lead to; null where the proof has the wrong length. */
async function climb(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
): Promise<Uint8Array | null> {
  if (index >= size) return null;
  let [at, last, hash] = [index, size - 1, leaf];
  const half = (value: number) => Math.floor(value / 2);
  for (const next of proof) {
    if (last === 0) return null;
    if (at % 2 === 1 || at === last) {
      hash = await sha256(Uint8Array.of(1), next, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else hash = await sha256(Uint8Array.of(1), hash, next);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 ? hash : null;
}

/** HMAC-SHA-256 of each personal text under its salt is the commitment that the act carries. */
async function textsFit({ text, personal }: LedgerProof): Promise<boolean> {
  const { commitments } = JSON.parse(text) as { commitments: Record<string, string> };
  for (const [name, { salt, value }] of Object.entries(personal)) {
    const algorithm = { name: 'HMAC', hash: 'SHA-256' };
    const key = await crypto.subtle.importKey('raw', bytesOf(salt), algorithm, false, ['sign']);
    const code = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(value));
    if (hexOf(new Uint8Array(code)) !== commitments[name]) return false;
  }
  return true;
}
