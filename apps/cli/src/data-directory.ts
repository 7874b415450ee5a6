import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { userPath } from './working-directory.ts';

/** Where a server on this machine listens unless it is told otherwise. */
export const DEFAULT_PORT = 7400;
export const DEFAULT_SERVER = `http://127.0.0.1:${DEFAULT_PORT}`;

/** The folder of the local server's data: `--data`, else WARDLINE_DATA, else `.wardline` in the checkout. */
export function dataDirectory(flag?: string): string {
  const given = flag ?? process.env.WARDLINE_DATA;
  if (given) return userPath(given);
  return join(fileURLToPath(new URL('../../..', import.meta.url)), '.wardline');
}
