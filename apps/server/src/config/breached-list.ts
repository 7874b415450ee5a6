import { closeSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError } from './config-error.ts';

const FIRST_LINE = /^[0-9A-F]{40}(?::\d+)?\r?(?:\n|$)/;
const FIRST_BYTES = 64;

/** The list's path where it is one by its first line. @throws ConfigError */
export function breachedList(file: string | undefined): string | null {
  if (file === undefined || file.trim() === '') return null;
  if (!FIRST_LINE.test(begin(file)))
    throw new ConfigError(
      `WARDLINE_BREACHED_PASSWORDS: expected lines of a SHA-1 digest in capital hexadecimal, in their order, which ${file} does not begin with`,
    );
  return resolve(file);
}

function begin(file: string): string {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const bytes = Buffer.alloc(FIRST_BYTES);
      return bytes.subarray(0, readSync(descriptor, bytes)).toString('latin1');
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    throw new ConfigError(
      `WARDLINE_BREACHED_PASSWORDS: ${file} cannot be read (${(cause as NodeJS.ErrnoException).code})`,
    );
  }
}
