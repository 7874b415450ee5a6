import type { SpoolDisk } from '../intake/spool/disk.ts';

/** What a disk that loses its power throws from then on. */
export class PowerLost extends Error {}

/** One change of the folder that has not been synced yet. */
type Change = (files: Map<string, Uint8Array<ArrayBuffer>>) => void;

/**
 * A folder in memory that loses its power after so many steps, a byte written being one. Changes of the folder that were not synced then
 * happen or do not, each by itself, as `chance` says: no order is promised that no file system promises.
 */
export class MemoryDisk implements SpoolDisk {
  #files = new Map<string, Uint8Array<ArrayBuffer>>();
  #synced = new Map<string, Uint8Array<ArrayBuffer>>();
  #changes: Change[] = [];
  /** Steps until the power goes. */
  power = Number.POSITIVE_INFINITY;
  /** Writes fail as on a disk without room. */
  isFull = false;

  /** What is there when the power is back. */
  restart(chance: () => number): void {
    const files = new Map(this.#synced);
    for (const change of this.#changes) if (chance() < 0.5) change(files);
    this.#files = files;
    this.#synced = new Map(files);
    this.#changes = [];
    this.power = Number.POSITIVE_INFINITY;
  }

  /** Changes one byte of a file. */
  damage(name: string, at: number): void {
    const bytes = Uint8Array.from(this.#files.get(name)!);
    bytes[at % bytes.length]! ^= 1;
    this.#files.set(name, bytes);
    this.#synced.set(name, bytes);
  }

  async list(): Promise<{ name: string; size: number }[]> {
    return [...this.#files].map(([name, bytes]) => ({ name, size: bytes.length }));
  }

  async read(name: string): Promise<Uint8Array<ArrayBuffer>> {
    return this.#files.get(name)!;
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    const before = this.power;
    const isCut = before < bytes.length;
    const kept = Uint8Array.from(
      isCut ? bytes.subarray(0, before) : this.isFull ? bytes.subarray(0, 7) : bytes,
    );
    this.#change((files) => void files.set(name, kept));
    this.#spend(bytes.length);
    if (this.isFull) throw Object.assign(new Error('no room'), { code: 'ENOSPC' });
  }

  async rename(from: string, to: string): Promise<void> {
    this.#spend(1);
    this.#change((files) => {
      const bytes = files.get(from);
      if (bytes === undefined) return;
      files.delete(from);
      files.set(to, bytes);
    });
  }

  async remove(name: string): Promise<void> {
    this.#spend(1);
    this.#change((files) => void files.delete(name));
  }

  async syncFolder(): Promise<void> {
    this.#spend(1);
    this.#synced = new Map(this.#files);
    this.#changes = [];
  }

  #change(change: Change): void {
    change(this.#files);
    this.#changes.push(change);
  }

  #spend(steps: number): void {
    this.power -= steps;
    if (this.power < 0) throw new PowerLost();
  }
}
