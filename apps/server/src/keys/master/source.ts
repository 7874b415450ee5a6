import { createHmac, scrypt } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ConfigError } from '../../config/config-error.ts';
import { secretFile } from '../../config/secrets.ts';
import { PASSPHRASE_CHARACTERS, PASSPHRASE_COST } from '../limits.ts';
import { moduleHmac, parsePkcs11Uri } from './pkcs11.ts';

/** Where a master key comes from: a file of the server's own beside the database, a passphrase, or a security module. */
export type MasterSource =
  | { kind: 'own' }
  | { kind: 'passphrase'; from: string; text: string }
  | { kind: 'pkcs11'; uri: string };

export interface MasterEnvironment {
  secret: string | undefined;
  file: string | undefined;
  secretBefore: string | undefined;
  fileBefore: string | undefined;
}

export interface MasterConfig {
  /** What new keys are wrapped under. Read again at each rotation, as the file may hold another by then. */
  now: () => MasterSource;
  /** What the keys were wrapped under before; null where nothing is named. */
  before: () => MasterSource | null;
}

/** @throws ConfigError where a setting cannot be used */
export function masterConfig(env: MasterEnvironment): MasterConfig {
  const now = () => sourceFrom('WARDLINE_MASTER_KEY', env.secret, env.file) ?? ({ kind: 'own' } as const);
  const before = () => sourceFrom('WARDLINE_MASTER_KEY_BEFORE', env.secretBefore, env.fileBefore);
  now();
  before();
  return { now, before };
}

function sourceFrom(
  setting: string,
  secret: string | undefined,
  file: string | undefined,
): MasterSource | null {
  if (secret !== undefined && file !== undefined)
    throw new ConfigError(`${setting} and ${setting}_FILE say the same in two ways; set one`);
  if (secret !== undefined) return sourceOf(setting, secret.trim());
  return file === undefined ? null : sourceOf(`${setting}_FILE`, textOf(`${setting}_FILE`, file));
}

function textOf(setting: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new ConfigError(`${setting}: ${file} cannot be read: ${(error as Error).message}`);
  }
}

function sourceOf(setting: string, text: string): MasterSource {
  if (text.startsWith('pkcs11:')) return { kind: 'pkcs11', uri: text };
  if (text.length < PASSPHRASE_CHARACTERS)
    throw new ConfigError(
      `${setting}: a passphrase of at least ${PASSPHRASE_CHARACTERS} characters is needed`,
    );
  return { kind: 'passphrase', from: setting, text };
}

/** As people are told where it lies; never the secret. */
export function placeOf(source: MasterSource): string {
  if (source.kind === 'own') return 'a file in the data folder';
  if (source.kind === 'passphrase') return `the passphrase of ${source.from}`;
  const { token, id } = parsePkcs11Uri(source.uri);
  return `the key ${id} of the security module’s token ${token}`;
}

export const ownKeyName = (id: string): string => `master-key-${id}`;
export const isOwnKeyName = (name: string): boolean => /^master-key-[0-9a-f-]{36}$/.test(name);

const derive = promisify(
  scrypt as (
    text: string,
    salt: Uint8Array,
    bytes: number,
    cost: typeof PASSPHRASE_COST,
    done: (error: Error | null, key: Buffer) => void,
  ) => void,
);

/**
 * The 32 bytes under which zones' keys are wrapped: another for each master key of the table, so that it is changed by changing its
 * salt alone. Null where there is no such file. @throws KeysError where the module refuses
 */
export async function masterSecret(
  source: MasterSource,
  { id, salt }: { id: string; salt: Uint8Array },
  dataDir: string,
  make = false,
): Promise<Buffer | null> {
  const purpose = Buffer.concat([Buffer.from(`wardline master key 1\0${id}\0`), salt]);
  if (source.kind === 'pkcs11') return moduleHmac(parsePkcs11Uri(source.uri), purpose);
  if (source.kind === 'passphrase')
    return createHmac('sha256', await derive(source.text, salt, 32, PASSPHRASE_COST))
      .update(purpose)
      .digest();
  const name = ownKeyName(id);
  if (!make && !existsSync(join(dataDir, name))) return null;
  return createHmac('sha256', secretFile(dataDir, name)).update(purpose).digest();
}
