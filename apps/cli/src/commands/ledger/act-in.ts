import {
  checkNote,
  leafHash,
  parseCheckpoint,
  parseEntry,
  parseNote,
  type Verifier,
  verifyInclusion,
} from '@wardline/ledger';

/** An act with what shows that it stands in the ledger, as exports carry it. */
export interface CarriedAct {
  entry: string;
  sequence: number;
  path: readonly string[];
  checkpoint: string;
}

/** The act, where the ledger that this key signed holds it; else why not. */
export function actIn(
  { entry, sequence, path, checkpoint }: CarriedAct,
  key: Verifier,
): { entry: NonNullable<ReturnType<typeof parseEntry>> } | { fault: string } {
  const note = parseNote(checkpoint);
  const head = note === null ? null : parseCheckpoint(note.text);
  if (note === null || head === null) return { fault: 'The signed head of the ledger cannot be read.' };
  const check = checkNote(note, [key]);
  if ('forged' in check || check.signedBy.length === 0)
    return { fault: 'The head of the ledger is not signed by this key.' };
  const leaf = leafHash(Buffer.from(entry, 'utf8'));
  const proof = path.map((hash) => new Uint8Array(Buffer.from(hash, 'hex')));
  if (!verifyInclusion({ leaf, index: sequence - 1, size: head.size, root: head.root, proof }))
    return { fault: 'The act does not stand in the ledger that was signed.' };
  const act = parseEntry(entry);
  return act === null ? { fault: 'The act cannot be read.' } : { entry: act };
}
