import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import { type Hash, sameHash } from './hash.ts';
import { NOTE_BYTES, WITNESS_PROOF_LINES } from './limits.ts';
import { checkNote, parseNote, type Verifier } from './note.ts';
import { verifyConsistency } from './verify.ts';

/** What a log asks of a witness (C2SP tlog-witness): sign this head, which continues that of `old` acts. */
export interface AddCheckpoint {
  old: number;
  proof: readonly Hash[];
  note: string;
}

/** As it is sent, with its longest proof and note. */
export const ADD_CHECKPOINT_BYTES = NOTE_BYTES + WITNESS_PROOF_LINES * 45 + 64;

export function addCheckpointText({ old, proof, note }: AddCheckpoint): string {
  const lines = proof.map((hash) => `${Buffer.from(hash).toString('base64')}\n`);
  return `old ${old}\n${lines.join('')}\n${note}`;
}

/** Null where the text is no such request. */
export function parseAddCheckpoint(text: string): AddCheckpoint | null {
  const split = text.indexOf('\n\n');
  if (split < 0) return null;
  const [first = '', ...lines] = text.slice(0, split).split('\n');
  const size = /^old (0|[1-9]\d{0,15})$/.exec(first)?.[1];
  if (size === undefined || !Number.isSafeInteger(Number(size)) || lines.length > WITNESS_PROOF_LINES)
    return null;
  const proof = lines.map((line) => Buffer.from(line, 'base64'));
  const isWhole = proof.every((hash, at) => hash.length === 32 && hash.toString('base64') === lines[at]);
  return isWhole ? { old: Number(size), proof, note: text.slice(split + 2) } : null;
}

/** What a witness finds; each refusal has a status of its own in C2SP tlog-witness. */
export type Judgement =
  | { kind: 'continues'; head: Checkpoint; text: string }
  | { kind: 'malformed' }
  | { kind: 'unknown-log' }
  | { kind: 'unsigned' }
  /** The log believes that the witness saw another head last; this is how many acts it saw. */
  | { kind: 'conflict'; size: number }
  | { kind: 'unproved' };

/** Whether a head is signed by the log and continues the last one that the witness signed; null where that saw none. */
export function judgeCheckpoint(request: AddCheckpoint, log: Verifier, last: Checkpoint | null): Judgement {
  const note = parseNote(request.note);
  const head = note === null ? null : parseCheckpoint(note.text);
  if (note === null || head === null) return { kind: 'malformed' };
  if (head.origin !== log.name) return { kind: 'unknown-log' };
  const check = checkNote(note, [log]);
  if ('forged' in check || check.signedBy.length === 0) return { kind: 'unsigned' };
  const { old, proof } = request;
  if (old > head.size) return { kind: 'malformed' };
  const seen = last?.size ?? 0;
  if (old !== seen) return { kind: 'conflict', size: seen };
  if (last !== null && old === head.size && !sameHash(last.root, head.root))
    return { kind: 'conflict', size: seen };
  if (!continues(last, head, proof)) return { kind: 'unproved' };
  return { kind: 'continues', head, text: note.text };
}

/** Where nothing was seen yet, everything continues it, and there is nothing to prove. */
function continues(last: Checkpoint | null, head: Checkpoint, proof: readonly Hash[]): boolean {
  if (last === null || last.size === 0) return proof.length === 0;
  const sizes = { first: last.size, second: head.size };
  return verifyConsistency({ ...sizes, firstRoot: last.root, secondRoot: head.root, proof });
}
