import { type Hash, leafHash } from '../hash.ts';
import { completedBy, type Place, type ReadHashes } from '../tree.ts';

/** Every complete subtree in a map, grown leaf by leaf as a server grows its own. */
export class MemoryTree {
  readonly #hashes = new Map<string, Hash>();
  size = 0;

  readonly read: ReadHashes = (places) =>
    Promise.resolve(places.map((place) => this.#hashes.get(key(place))!));

  async append(entry: Uint8Array): Promise<void> {
    for (const { place, hash } of await completedBy(leafHash(entry), this.size, this.read))
      this.#hashes.set(key(place), hash);
    this.size += 1;
  }
}

const key = ({ level, index }: Place): string => `${level}/${index}`;
