import { parseTree, refuse } from '../advisories/tree.ts';
import { FEED_CHARS } from '../limits.ts';
import type { FeedReading, ProviderReading } from './feed.ts';
import { readProvider } from './provider.ts';
import { readRolie } from './rolie.ts';

export type FeedDocument =
  | ({ kind: 'provider' } & ProviderReading)
  | ({ kind: 'rolie' } & FeedReading)
  | { kind: 'other' };

/** What a JSON document that a feed begins with is; `other` is left to whoever reads documents themselves. */
export function readFeedDocument(text: string): FeedDocument {
  if (!/^\s*\{/.test(text.slice(0, 1000).replace(/^\ufeff/, ''))) return { kind: 'other' };
  const begin = text.slice(0, 100_000);
  const kind = /"distributions"\s*:/.test(begin)
    ? 'provider'
    : /"feed"\s*:\s*\{/.test(begin)
      ? 'rolie'
      : 'other';
  if (kind === 'other') return { kind };
  if (text.length > FEED_CHARS) return { kind, ...refuse('', `longer than ${FEED_CHARS} characters`) };
  const parsed = parseTree(text);
  if (!parsed.ok) return { kind, ...parsed };
  return kind === 'provider' ? { kind, ...readProvider(parsed.tree) } : { kind, ...readRolie(parsed.tree) };
}

/** The digest in a file as `sha512sum` writes it: hexadecimal digits, then perhaps a name; null where there is none. */
export function readDigest(text: string): string | null {
  const found = /^\\?([0-9a-f]{64}|[0-9a-f]{128})(?=\s|$)/i.exec(text.slice(0, 1000).trimStart());
  return found?.[1]?.toLowerCase() ?? null;
}
