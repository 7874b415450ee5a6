import { createPrivateKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { keySigner } from '@wardline/pki';
import { AgentError } from '../agent-error.ts';
import type { Disk } from '../disk/disk.ts';
import type { KeyKeeper } from './keeper.ts';
import { Vault, type VaultSecret, vaultKind } from './vault.ts';

const SUFFIX = '.key';
const protections = {
  passphrase: 'a file closed by a passphrase',
  machine: 'a file closed by a secret of this machine',
  tpm: 'a file closed by a secret of the TPM',
} as const;

/** Keys on P-256 in files, each closed by the vault; `secret` is asked for when one is needed. They are in the agent's memory while they are used. */
export function fileKeeper(disk: Disk, secret: () => VaultSecret): KeyKeeper {
  // Telling the status must not need the secret.
  let opened: Vault | null = null;
  const vault = (): Vault => (opened ??= Vault.open(disk, secret()));
  const nameOf = (id: string): string => `${id}${SUFFIX}`;
  return {
    kind: 'file',
    get protection() {
      return protections[vaultKind(disk) ?? 'machine'];
    },
    make: async () => {
      const id = randomUUID();
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
      disk.write(nameOf(id), vault().seal(privateKey.export({ type: 'pkcs8', format: 'der' }), nameOf(id)));
      return id;
    },
    open: async (id) => {
      const sealed = disk.read(nameOf(id), 4096);
      if (sealed === null) throw new AgentError('key', `The key ${id} is not there`);
      const key = createPrivateKey({ key: vault().unseal(sealed, nameOf(id)), format: 'der', type: 'pkcs8' });
      const pem = key.export({ type: 'pkcs8', format: 'pem' }) as string;
      return { id, signer: keySigner(key), handshake: { by: 'memory', pem } };
    },
    remove: (id) => disk.remove(nameOf(id)),
    ids: () => disk.list().flatMap((name) => (name.endsWith(SUFFIX) ? [name.slice(0, -SUFFIX.length)] : [])),
    seal: async (data, label) => vault().seal(data, `data/${label}`),
    unseal: async (sealed, label) => vault().unseal(sealed, `data/${label}`),
  };
}
