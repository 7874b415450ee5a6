import { userPath } from './working-directory.ts';

/** Where a server on this machine listens unless it is told otherwise. */
export const DEFAULT_PORT = 7400;
export const DEFAULT_SERVER = `http://localhost:${DEFAULT_PORT}`;

/** The folder of the local server's data where the person names one: `--data`, else WARDLINE_DATA. */
export function givenDataDirectory(flag?: string): string | null {
  const given = flag ?? process.env.WARDLINE_DATA;
  return given ? userPath(given) : null;
}

/** The folder of the local server's data; without a word from the person, the server's own choice. */
export async function dataDirectory(flag?: string): Promise<string> {
  const given = givenDataDirectory(flag);
  if (given !== null) return given;
  // The server is heavy; whoever names the folder does not wait for it.
  const { defaultDataDir } = await import('@wardline/server');
  return defaultDataDir();
}
