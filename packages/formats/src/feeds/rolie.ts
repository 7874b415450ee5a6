import { refuse, type Tree, textOf, treeOf, treesOf } from '../advisories/tree.ts';
import { FEED_ENTRIES } from '../limits.ts';
import type { FeedEntry, FeedReading } from './feed.ts';

/** Reads a ROLIE feed in JSON (RFC 8322 in the form of CSAF 2.0 §7.1.15). */
export function readRolie(tree: Tree): FeedReading {
  const { entry } = treeOf(tree.feed);
  if (!Array.isArray(entry)) return refuse('/feed/entry', 'expected a list of documents');
  if (entry.length > FEED_ENTRIES) return refuse('/feed/entry', `more than ${FEED_ENTRIES} documents`);
  const entries: FeedEntry[] = [];
  for (const [index, one] of treesOf(entry).entries()) {
    const location = textOf(treeOf(one.content).src) ?? linksOf(one, 'self')[0];
    if (location === undefined)
      return refuse(`/feed/entry/${index}/content/src`, 'expected where the document lies');
    const updated = textOf(one.updated);
    if (updated === null || Number.isNaN(Date.parse(updated)))
      return refuse(`/feed/entry/${index}/updated`, 'expected a date-time');
    const signature = linksOf(one, 'signature')[0] ?? null;
    entries.push({ location, updated, hashes: linksOf(one, 'hash'), signature });
  }
  return { ok: true, entries };
}

const linksOf = (entry: Tree, rel: string): string[] =>
  treesOf(entry.link).flatMap((link) => (link.rel === rel ? (textOf(link.href) ?? []) : []));
