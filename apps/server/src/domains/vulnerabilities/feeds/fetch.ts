import { FEED_MILLISECONDS, FEED_REDIRECTS } from '../../../limits.ts';
import { type Outgoing, OutgoingError } from '../../../outgoing/index.ts';

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
 * Asks for a document where the server may ask at all; redirects lead nowhere else.
 * @throws FeedError
 */
export async function fetchDocument(
  outgoing: Outgoing,
  address: string,
  most: number,
  signal: AbortSignal,
): Promise<Buffer> {
  if (!URL.canParse(address)) throw new FeedError('unreadable', `${address.slice(0, 200)} is no URL`);
  const asked = { most, signal, milliseconds: FEED_MILLISECONDS, redirects: FEED_REDIRECTS };
  const answer = await outgoing.request(address, asked).catch((error: unknown) => {
    throw unreachable(address, error);
  });
  if (answer.status === 404 || answer.status === 410)
    throw new FeedError('not-found', `${address} is not there (${answer.status})`);
  if (!answer.ok) throw new FeedError('unreachable', `${address} answered ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
}

function unreachable(address: string, error: unknown): FeedError {
  const { message, code } = error as Error & { code?: string };
  const named = `${address} could not be reached: `;
  if (!(error instanceof OutgoingError)) return new FeedError('unreachable', `${named}${code ?? message}`);
  return new FeedError(error.code === 'too-large' ? 'too-large' : 'forbidden', `${named}${message}`);
}
