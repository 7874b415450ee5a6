import {
  emptyRoot,
  type Hash,
  inclusionProof,
  leafHash,
  nodeHash,
  type ReadHashes,
  rootOf,
  verifyInclusion,
} from '@wardline/ledger';

/** What shows that a device is one of those that a rollout was begun for. */
export interface RosterPlace {
  /** Its place, from 0, and the hashes from its leaf up. */
  index: number;
  proof: readonly Uint8Array[];
}

const leafOf = (device: string): Hash => leafHash(Buffer.from(device, 'utf8'));

/**
 * The devices of a rollout as a Merkle tree (RFC 6962 §2.1) over their names in order: one digest in the ledger binds the rollout to
 * each of them and to no other, without telling a device of the others.
 */
export class Roster {
  readonly #names: readonly string[];
  readonly #levels: Hash[][];

  constructor(names: Iterable<string>) {
    this.#names = [...new Set(names)].toSorted();
    this.#levels = [this.#names.map(leafOf)];
    for (let level = this.#levels[0]!; level.length > 1; level = this.#levels.at(-1)!)
      this.#levels.push(pairs(level));
  }

  get size(): number {
    return this.#names.length;
  }

  /** 64 hexadecimal digits. */
  async root(): Promise<string> {
    const root = this.size === 0 ? emptyRoot() : await rootOf(this.size, this.#read);
    return Buffer.from(root).toString('hex');
  }

  /** Null where the device is none of them. */
  async placeOf(name: string): Promise<RosterPlace | null> {
    const index = this.#names.indexOf(name);
    return index < 0 ? null : { index, proof: await inclusionProof(index, this.size, this.#read) };
  }

  readonly #read: ReadHashes = async (places) =>
    places.map(({ level, index }) => this.#levels[level]![index]!);
}

/** Nodes over whole pairs; what is left over has none on this level. */
function pairs(below: readonly Hash[]): Hash[] {
  return Array.from({ length: Math.floor(below.length / 2) }, (_, at) =>
    nodeHash(below[2 * at]!, below[2 * at + 1]!),
  );
}

/** Whether a device is among those of a roster. @param root 64 hexadecimal digits */
export function isOnRoster(
  name: string,
  { index, proof }: RosterPlace,
  { size, root }: { size: number; root: string },
): boolean {
  return verifyInclusion({ leaf: leafOf(name), index, size, root: Buffer.from(root, 'hex'), proof });
}
