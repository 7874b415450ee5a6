import { FEED_MILLISECONDS, FEED_REDIRECTS } from '../../../limits.ts';

/** Something of a feed could not be had; the message is for people. */
export class FeedError extends Error {
  readonly code: 'forbidden' | 'not-found' | 'too-large' | 'unreachable' | 'unreadable';

  constructor(code: FeedError['code'], message: string) {
    super(message);
    this.name = 'FeedError';
    this.code = code;
  }
}

/**
 * Asks for a document at one of the permitted origins; redirects lead nowhere else. Origins are named in the server's
 * configuration, not over the API: nobody can make the server ask what is near it.
 * @throws FeedError
 */
export async function fetchDocument(
  address: string,
  origins: readonly string[],
  limit: number,
  signal: AbortSignal,
): Promise<Buffer> {
  let url = permitted(address, origins);
  const within = AbortSignal.any([signal, AbortSignal.timeout(FEED_MILLISECONDS)]);
  try {
    for (let hop = 0; hop <= FEED_REDIRECTS; hop += 1) {
      const answer = await fetch(url, { redirect: 'manual', signal: within, headers: { accept: '*/*' } });
      const next = answer.headers.get('location');
      if (answer.status < 300 || answer.status >= 400 || next === null)
        return await bodyOf(answer, url, limit);
      await answer.body?.cancel();
      url = permitted(new URL(next, url).href, origins);
    }
  } catch (error) {
    if (error instanceof FeedError) throw error;
    throw new FeedError('unreachable', `${url} could not be reached: ${causeOf(error)}`);
  }
  throw new FeedError('unreachable', `${address} leads on more than ${FEED_REDIRECTS} times`);
}

function permitted(address: string, origins: readonly string[]): string {
  const url = URL.parse(address);
  if (url === null) throw new FeedError('unreadable', `${address.slice(0, 200)} is no URL`);
  if (!origins.includes(url.origin) || url.username !== '' || url.password !== '')
    throw new FeedError('forbidden', `${url.origin} is not among WARDLINE_FEED_ORIGINS`);
  return url.href;
}

const causeOf = (error: unknown): string => {
  const { message, cause } = error as Error & { cause?: { code?: string } };
  return cause?.code ?? message;
};

async function bodyOf(answer: Response, url: string, limit: number): Promise<Buffer> {
  if (answer.status === 404 || answer.status === 410)
    throw new FeedError('not-found', `${url} is not there (${answer.status})`);
  if (!answer.ok || answer.body === null)
    throw new FeedError('unreachable', `${url} answered ${answer.status}`);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of answer.body) {
    size += part.byteLength;
    if (size > limit) throw new FeedError('too-large', `${url} is larger than ${limit} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
