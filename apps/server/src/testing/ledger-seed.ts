import { Keyring, keptSecret } from '../keys/index.ts';
import { masterConfig } from '../keys/master/source.ts';
import type { Database } from '../store/database.ts';

const own = { secret: undefined, file: undefined, secretBefore: undefined, fileBefore: undefined };

/** By which a running server signs the heads of its ledger; `secret` where its master key is of a passphrase. */
export async function ledgerSeedOf(
  database: Database,
  dataDir: string,
  secret?: string,
): Promise<Uint8Array> {
  const now = () => Date.now() * 1000;
  const keyring = await Keyring.open({ database, config: masterConfig({ ...own, secret }), dataDir, now });
  return keptSecret({ database, keyring, dataDir }, 'ledger-key', async () => false);
}
