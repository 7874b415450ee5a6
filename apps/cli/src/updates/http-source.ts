import { get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import { type MetadataSource, paced, type TargetSource, UpdatesFault } from '@wardline/updates';

/** A repository says nothing for this long: it is given up. Milliseconds. */
const SILENCE = 30_000;

/** The repository cannot be asked, or answers with a fault of its own. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

const withSlash = (url: string): string => (url.endsWith('/') ? url : `${url}/`);

export class HttpMetadata implements MetadataSource {
  readonly #base: string;

  constructor(url: string) {
    this.#base = withSlash(url);
  }

  async metadata(name: string, most: number): Promise<Uint8Array | null> {
    const response = await ask(this.#base + name);
    if (response === null) return null;
    const chunks: Uint8Array[] = [];
    let taken = 0;
    for await (const chunk of paced(response, () => performance.now())) {
      taken += chunk.length;
      if (taken > most) throw new UpdatesFault('too-long', `${name}: more than ${most} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }
}

export class HttpTargets implements TargetSource {
  readonly #base: string;

  constructor(url: string) {
    this.#base = withSlash(url);
  }

  async *target(path: string): AsyncGenerator<Uint8Array> {
    const response = await ask(this.#base + path);
    if (response === null) throw new UpdatesFault('missing', `the repository has no ${path}`);
    yield* paced(response, () => performance.now());
  }
}

/** Null where the repository has no such file, or gives it to nobody. Follows nobody elsewhere. */
function ask(url: string): Promise<IncomingMessage | null> {
  const get = url.startsWith('https:') ? getHttps : getHttp;
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new UnreachableError(`${url}: ${why}`));
    const request = get(url, { timeout: SILENCE, agent: false }, (response) => {
      const status = response.statusCode ?? 0;
      if (status === 200) return resolve(response);
      response.resume();
      if (status === 404 || status === 403) resolve(null);
      else fail(`answers with ${status}`);
    });
    request.on('timeout', () => request.destroy(new Error(`silent for ${SILENCE / 1000} seconds`)));
    request.on('error', (error) => fail(error.message));
  });
}
