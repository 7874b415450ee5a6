import {
  checkNote,
  leafHash,
  parseCheckpoint,
  parseEntry,
  parseNote,
  type Verifier,
  verifyInclusion,
} from '@wardline/ledger';
import { UpdatesFault } from '../fault.ts';
import type { TargetFile } from '../metadata/file.ts';
import { isOnRoster, type RosterPlace } from '../rollout/roster.ts';

/** What a rollout is to a device: the act that began it, with the proof that it stands in the hospital's ledger for everybody to see. */
export interface Instruction {
  /** The act's own bytes in the tree. */
  entry: string;
  /** Its place, from 0. */
  index: number;
  /** Hashes of 32 bytes, from the leaf up. */
  proof: readonly Uint8Array[];
  /** The signed head under which it is proved. */
  note: string;
  /** Where the device stands among those that the rollout was begun for. */
  device: RosterPlace;
}

/** The act by which people begin a rollout. */
const ACTION = 'rollout.make';

/**
 * Shows that a rollout of this very image to this very device was begun openly. A server that would send one device an image behind
 * everybody's back would have to write that into the ledger, or sign two histories.
 * @param id the device, as its certificate names it
 * @throws UpdatesFault
 */
export function checkInstruction(
  instruction: Instruction,
  { id, verifiers }: { id: string; verifiers: readonly Verifier[] },
  { path, hashes }: TargetFile,
): void {
  const { size, root } = signedHead(instruction.note, verifiers);
  const leaf = leafHash(Buffer.from(instruction.entry, 'utf8'));
  const { index, proof } = instruction;
  if (!verifyInclusion({ leaf, index, size, root, proof }))
    throw new UpdatesFault('unsigned', 'the rollout does not stand in the ledger');
  const entry = parseEntry(instruction.entry);
  const isOfImage = entry?.changes.path === path && entry.changes.sha256 === hashes.get('sha256');
  if (entry?.action !== ACTION || !isOfImage)
    throw new UpdatesFault('mismatch', 'the act is no rollout of this image');
  checkPlace(entry.changes, id, instruction.device);
}

function checkPlace(
  { devices: size, roster: root }: Record<string, unknown>,
  id: string,
  place: RosterPlace,
): void {
  const isOn = typeof size === 'number' && typeof root === 'string' && isOnRoster(id, place, { size, root });
  if (!isOn) throw new UpdatesFault('mismatch', `the rollout was not begun for "${id}"`);
}

function signedHead(text: string, verifiers: readonly Verifier[]) {
  const note = parseNote(text);
  const check = note === null ? null : checkNote(note, verifiers);
  if (note === null || check === null || 'forged' in check || check.signedBy.length === 0)
    throw new UpdatesFault('unsigned', "the ledger's head is not signed by a key that the device knows");
  const head = parseCheckpoint(note.text);
  if (head === null) throw new UpdatesFault('malformed', "the ledger's head is none");
  return head;
}
