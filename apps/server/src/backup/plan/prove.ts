import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { restoreFolder } from '../restore.ts';
import { makeBackupKeys } from '../seal.ts';

/**
 * Restores what was just written, changes as well, into a folder that is removed again. The server cannot open its backups: for this
 * alone they are sealed to a second key too, which it holds in memory only, makes anew at each start and never tells.
 */
export class Prover {
  readonly #keys = makeBackupKeys();

  async recipient(): Promise<string> {
    return (await this.#keys).recipient;
  }

  /** Null where it could be restored with a whole ledger; else why not. */
  async prove(folder: string, dataDir: string): Promise<string | null> {
    const { identity } = await this.#keys;
    const place = mkdtempSync(join(dataDir, 'restore-'));
    // As root the database runs as another user, who must get to its folder.
    chmodSync(place, 0o711);
    try {
      await restoreFolder({ folder, by: { identity }, at: null }, { dataDir: join(place, 'data') });
      return null;
    } catch (error) {
      return (error as Error).message;
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  }
}
