import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** The bearer token by which a command line on this machine, of this user, speaks to the server. */
export function commandLineToken(dataDir: string): string {
  return kept(join(dataDir, 'cli-token'), 32);
}

/** A secret of this name, made where there is none. */
export function secretFile(dataDir: string, name: string): Uint8Array {
  return Buffer.from(kept(join(dataDir, name), 32), 'base64url');
}

/** A random secret that is made once; written whole or not at all. */
function kept(file: string, bytes: number): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
  }
  const secret = randomBytes(bytes).toString('base64url');
  const half = `${file}.${process.pid}.new`;
  const descriptor = openSync(half, 'w', 0o600);
  writeSync(descriptor, secret);
  fsyncSync(descriptor);
  closeSync(descriptor);
  renameSync(half, file);
  return secret;
}
