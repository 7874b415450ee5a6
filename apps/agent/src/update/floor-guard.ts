import { AgentError } from '../agent-error.ts';
import type { KeyKeeper, UpOnlyCounters } from '../keys/keeper.ts';

/** What stands beside the memory of a device whose TPM counts: the counter, and a floor that was sealed under one of its numbers. */
export interface Counted {
  place: string;
  sealed: string;
}

/** What is sealed. */
interface Note {
  count: number;
  floor: number;
}

const LABEL = 'security floor';

/**
 * Holds the security floor on the disk against a counter that only goes up. A floor is sealed to the device under the number that the
 * counter reaches with it: an older copy of the disk, put back with all its seals, is under a number that has gone by.
 */
export class FloorGuard {
  readonly #counters: UpOnlyCounters | null;
  readonly #keeper: Pick<KeyKeeper, 'seal' | 'unseal'>;

  constructor(keeper: Pick<KeyKeeper, 'seal' | 'unseal' | 'counters'>) {
    this.#counters = keeper.counters ?? null;
    this.#keeper = keeper;
  }

  /** A counter for a device that begins with a floor; null where there is nothing that counts. */
  async first(floor: number): Promise<Counted | null> {
    if (this.#counters === null) return null;
    const { place, count } = await this.#counters.make();
    return this.#seal(place, { count, floor });
  }

  /**
   * Nothing where the floor is the one of the last number; a raise that a power cut interrupted is completed.
   * @throws AgentError where it is an older one, changed, or another TPM's
   */
  async check(counted: Counted | null, floor: number): Promise<void> {
    if (this.#counters === null && counted === null) return;
    const { place, note, now } = await this.#read(counted);
    if (note.floor !== floor) throw new AgentError('state', 'The security floor was changed on the disk');
    if (note.count === now + 1) await this.#counters!.raise(place);
    else if (note.count < now)
      throw new AgentError(
        'state',
        'What this device knows of its updates is older than its TPM: it was put back',
      );
    else if (note.count > now)
      throw new AgentError(
        'state',
        'The TPM has counted less far than this device: it was cleared, or is another',
      );
  }

  /** The seal for a floor above, to be written down before `raise`. */
  async next(counted: Counted | null, floor: number): Promise<Counted | null> {
    if (counted === null) return null;
    const { place, now } = await this.#read(counted);
    return this.#seal(place, { count: now + 1, floor });
  }

  async raise(counted: Counted | null): Promise<void> {
    if (counted !== null) await this.#counters?.raise(counted.place);
  }

  async #read(counted: Counted | null): Promise<{ place: string; note: Note; now: number }> {
    if (counted === null || this.#counters === null)
      throw new AgentError(
        'state',
        'This device counts in its TPM, and its state does not say so: it was changed',
      );
    const sealed = Buffer.from(counted.sealed, 'base64');
    const note = JSON.parse((await this.#keeper.unseal(sealed, LABEL)).toString('utf8')) as Note;
    return { place: counted.place, note, now: await this.#counters.read(counted.place) };
  }

  async #seal(place: string, note: Note): Promise<Counted> {
    const sealed = await this.#keeper.seal(Buffer.from(JSON.stringify(note)), LABEL);
    return { place, sealed: sealed.toString('base64') };
  }
}
