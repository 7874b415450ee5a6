import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, scryptSync } from 'node:crypto';
import { AgentError } from '../agent-error.ts';
import type { Disk } from '../disk/disk.ts';
import { PASSPHRASE_CHARACTERS, SEALED_BYTES } from '../limits.ts';

/** By what the files of a device are closed. */
export type VaultSecret =
  | { by: 'passphrase'; passphrase: string }
  /** Of the machine, in a file; or one that a TPM keeps. */
  | { by: 'machine' | 'tpm'; secret: Uint8Array };

interface VaultFile {
  version: 1;
  by: VaultSecret['by'];
  salt: string;
  /** log2 of scrypt's cost. */
  cost: number;
  /** A known word, sealed: tells a wrong secret from a broken file. */
  check: string;
}

const FILE = 'vault.json';
const MAGIC = Buffer.from('WAS1');
const [SALT, NONCE, TAG] = [32, 12, 16];
/** 32 MiB of memory and some tenths of a second on a small board. */
const COST = 15;
const WORD = 'wardline-agent';

/** By what kind of secret a folder is closed; null where it is new. */
export function vaultKind(disk: Disk): VaultSecret['by'] | null {
  const bytes = disk.read(FILE, 4096);
  return bytes === null ? null : vaultFile(bytes).by;
}

/** Closes and opens data by one secret. Each piece has a key of its own, so that no nonce can come twice under one. */
export class Vault {
  readonly #key: Buffer;

  private constructor(key: Buffer) {
    this.#key = key;
  }

  /** @throws AgentError where the secret is not the one that the folder was made with */
  static open(disk: Disk, secret: VaultSecret): Vault {
    const bytes = disk.read(FILE, 4096);
    if (bytes === null) return Vault.#make(disk, secret);
    const file = vaultFile(bytes);
    if (file.by !== secret.by)
      throw new AgentError('settings', `The keys of this folder are closed by a ${file.by} secret`);
    const vault = new Vault(masterOf(secret, Buffer.from(file.salt, 'base64'), file.cost));
    try {
      vault.unseal(Buffer.from(file.check, 'base64'), FILE);
    } catch {
      throw new AgentError('key', `The ${file.by} secret is not the one by which the keys were closed`);
    }
    return vault;
  }

  static #make(disk: Disk, secret: VaultSecret): Vault {
    if (secret.by === 'passphrase' && secret.passphrase.length < PASSPHRASE_CHARACTERS)
      throw new AgentError('settings', `A passphrase has at least ${PASSPHRASE_CHARACTERS} characters`);
    const salt = randomBytes(SALT);
    const vault = new Vault(masterOf(secret, salt, COST));
    const check = vault.seal(Buffer.from(WORD), FILE).toString('base64');
    const file: VaultFile = { version: 1, by: secret.by, salt: salt.toString('base64'), cost: COST, check };
    disk.write(FILE, Buffer.from(JSON.stringify(file)));
    return vault;
  }

  seal(data: Uint8Array, label: string): Buffer {
    if (data.length > SEALED_BYTES)
      throw new AgentError('settings', `${data.length} bytes; at most ${SEALED_BYTES} are sealed at once`);
    const [salt, nonce] = [randomBytes(SALT), randomBytes(NONCE)];
    const cipher = createCipheriv('aes-256-gcm', this.#keyFor(salt, label), nonce).setAAD(MAGIC);
    const closed = Buffer.concat([cipher.update(data), cipher.final()]);
    return Buffer.concat([MAGIC, salt, nonce, closed, cipher.getAuthTag()]);
  }

  /** @throws AgentError where it is not as it was sealed here under this label */
  unseal(sealed: Uint8Array, label: string): Buffer {
    const bytes = Buffer.from(sealed);
    const start = MAGIC.length + SALT + NONCE;
    if (bytes.length < start + TAG || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw notOpened();
    const [salt, nonce] = [
      bytes.subarray(MAGIC.length, MAGIC.length + SALT),
      bytes.subarray(start - NONCE, start),
    ];
    const cipher = createDecipheriv('aes-256-gcm', this.#keyFor(salt, label), nonce, { authTagLength: TAG })
      .setAAD(MAGIC)
      .setAuthTag(bytes.subarray(-TAG));
    try {
      return Buffer.concat([cipher.update(bytes.subarray(start, -TAG)), cipher.final()]);
    } catch {
      throw notOpened();
    }
  }

  #keyFor(salt: Uint8Array, label: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#key, salt, Buffer.from(label), 32));
  }
}

const notOpened = (): AgentError =>
  new AgentError('key', 'It was not sealed on this device under this label, or was changed since');

function masterOf(secret: VaultSecret, salt: Uint8Array, cost: number): Buffer {
  if (secret.by !== 'passphrase')
    return Buffer.from(hkdfSync('sha256', secret.secret, salt, Buffer.from(WORD), 32));
  return scryptSync(secret.passphrase, salt, 32, { N: 2 ** cost, r: 8, p: 1, maxmem: 256 * 1024 * 1024 });
}

function vaultFile(bytes: Buffer): VaultFile {
  try {
    const { version, by, salt, cost, check } = JSON.parse(bytes.toString('utf8')) as Partial<VaultFile>;
    const isSound =
      version === 1 &&
      (by === 'passphrase' || by === 'machine' || by === 'tpm') &&
      typeof salt === 'string' &&
      typeof check === 'string' &&
      typeof cost === 'number' &&
      cost >= 14 &&
      cost <= 17;
    if (isSound) return { version, by, salt, cost, check };
  } catch {
    // Said below.
  }
  throw new AgentError('state', `${FILE} is not as the agent wrote it`);
}
