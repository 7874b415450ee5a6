import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent } from '../agent.ts';
import { AgentError } from '../agent-error.ts';
import { alone } from '../disk/alone.ts';
import { type Disk, folderDisk, sweepUnfinished } from '../disk/disk.ts';
import { tokenFrom } from '../keys/element.ts';
import { fileKeeper } from '../keys/file-keeper.ts';
import type { KeyKeeper } from '../keys/keeper.ts';
import { isTpmFile, tpmKeeper } from '../keys/tpm/tpm-keeper.ts';
import { type VaultSecret, vaultKind } from '../keys/vault.ts';
import { anyExchange } from '../network/openssl-exchange.ts';

export const FOLDER = '/var/lib/wardline-agent';

export interface FolderFlags {
  folder: string;
  passphraseFile?: string;
  secretFile?: string;
  tpm?: boolean;
  tcti?: string;
  ekCertificate?: string;
  tokenProgram?: string;
}

/** The agent of a folder, with the clock and the network of this machine. `close` lets another begin. */
export async function openAgent(flags: FolderFlags): Promise<{ agent: Agent; close: () => Promise<void> }> {
  const disk = folderDisk(flags.folder);
  const close = await alone(flags.folder);
  sweepUnfinished(flags.folder);
  return { agent: agentOf(disk, flags), close };
}

/** Reads and changes nothing, so that it may be asked while another is at work. */
export const idleAgent = (flags: FolderFlags): Agent => agentOf(folderDisk(flags.folder), flags);

const agentOf = (disk: Disk, flags: FolderFlags): Agent =>
  new Agent({
    disk,
    keeper: keeperOf(disk, flags),
    exchange: anyExchange,
    clock: () => Date.now() * 1000,
    elapsed: () => Math.round(performance.now() * 1000),
    ...(flags.tokenProgram === undefined ? {} : { element: tokenFrom(flags.tokenProgram) }),
  });

/** A folder whose keys lie in a TPM says so itself. */
function keeperOf(disk: Disk, flags: FolderFlags): KeyKeeper {
  const isTpm = flags.tpm === true || disk.list().some(isTpmFile);
  if (!isTpm) return fileKeeper(disk, () => secretOf(disk, flags));
  return tpmKeeper({ disk, tcti: flags.tcti ?? null, ekCertificate: flags.ekCertificate ?? null });
}

const MACHINE_SECRET = 'machine-secret';

function secretOf(disk: Disk, { folder, passphraseFile, secretFile }: FolderFlags): VaultSecret {
  if (passphraseFile !== undefined)
    return {
      by: 'passphrase',
      passphrase: contentOf(passphraseFile).toString('utf8').split('\n')[0]!.trim(),
    };
  if (secretFile !== undefined) return machineSecret(contentOf(secretFile), secretFile);
  const kept = disk.read(MACHINE_SECRET, 4096);
  if (kept !== null) return machineSecret(kept, join(folder, MACHINE_SECRET));
  const kind = vaultKind(disk);
  if (kind === 'passphrase')
    throw new AgentError(
      'settings',
      'The keys are closed by a passphrase: name its file (--passphrase-file)',
    );
  if (kind === 'machine')
    throw new AgentError(
      'settings',
      `The keys are closed by a secret that is not in ${folder}: name its file (--secret-file)`,
    );
  const made = randomBytes(32);
  disk.write(MACHINE_SECRET, made);
  return { by: 'machine', secret: made };
}

function machineSecret(secret: Buffer, file: string): VaultSecret {
  if (secret.length < 32)
    throw new AgentError('settings', `${file} has ${secret.length} bytes; a secret has at least 32`);
  return { by: 'machine', secret };
}

/** `-` is the standard input. @throws AgentError where it cannot be read */
export function contentOf(file: string): Buffer {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    throw new AgentError('settings', `${file} cannot be read: ${(error as Error).message}`);
  }
}
