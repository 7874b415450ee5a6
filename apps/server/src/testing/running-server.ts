import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StartOptions } from '../config/config.ts';
import { startServer } from '../index.ts';
import { copyGiven } from './given.ts';

/** A real server on a real database for one file of tests. */
export async function runServer(options: StartOptions = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'wardline-test-'));
  copyGiven(dataDir);
  const consoleDir = join(dataDir, 'none');
  const server = await startServer({ dataDir, port: 0, log: 'silent', consoleDir, ...options });
  const token = readFileSync(join(dataDir, 'cli-token'), 'utf8');
  const raw = (path: string, init: RequestInit = {}) =>
    fetch(`${server.url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string> | undefined) },
    });
  const get = async <T>(path: string) => (await (await raw(`/api/v1/${path}`)).json()) as T;
  const send = (method: string, path: string, body: unknown) =>
    raw(`/api/v1/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const post = (path: string, body: unknown) => send('POST', path, body);
  const remove = (path: string) => raw(`/api/v1/${path}`, { method: 'DELETE' });
  const close = async () => {
    await server.close();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { ...server, dataDir, token, raw, get, send, post, remove, close };
}

export type TestServer = Awaited<ReturnType<typeof runServer>>;

/** Asks until the answer is as wanted; the test's own time limit ends a wait in vain. */
export async function until<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
