import type { Facts } from '@wardline/model';
import { factText, latin1, present } from '../../text/wire-text.ts';
import { MAX_MECHANISMS, MAX_TEXT } from './limits.ts';

/** The texts of a table or map, by name. */
export type Properties = ReadonlyMap<string, Uint8Array>;

/** What both sides say of their software in 0-9-1 and in 1.0: `version` is the software's own. */
export function softwareFacts(
  properties: Properties,
): Pick<Facts['amqp.server'], 'product' | 'release' | 'platform' | 'hostname'> {
  const text = (name: string) => factText(properties.get(name) ?? '', MAX_TEXT);
  // "rabbit@host.example": the broker's node and where it runs.
  const hostname = /^[\w-]{1,64}@([A-Za-z0-9][\w.-]*)$/.exec(text('cluster_name') ?? '')?.[1];
  return present<Pick<Facts['amqp.server'], 'product' | 'release' | 'platform' | 'hostname'>>({
    product: text('product'),
    release: text('version'),
    platform: text('platform'),
    hostname,
  });
}

/** SASL names only (RFC 4422 §3.1): a client could put anything in their place. */
export function mechanismNames(words: readonly string[]): string[] {
  return words.filter((word) => /^[A-Z0-9_-]{1,20}$/.test(word)).slice(0, MAX_MECHANISMS);
}

export function wordsOf(bytes: Uint8Array): string[] {
  return latin1(bytes).split(' ');
}
