import { type FileOf, readHaproxy } from './read/haproxy.ts';
import { readNftables } from './read/nftables/index.ts';
import type { ReadResult, Ruleset } from './ruleset.ts';

/** Kinds of enforcement point that say what they run in lines that can be read back and proved. */
export type ListingKind = 'nftables' | 'haproxy';

/** Begins each further file of a gateway's text, with its name. */
const FILE = '#@ file ';

interface NamedText {
  name: string;
  text: string;
}

/** A configuration and the maps that it names, as one text. */
export const joinFiles = ([first, ...others]: readonly NamedText[]): string =>
  [first?.text ?? '', ...others.map(({ name, text }) => `${FILE}${name}\n${text}`)].join('');

/** What `joinFiles` made, apart again: the configuration, and the others by their names. */
export function splitFiles(text: string): { first: string; others: Map<string, string> } {
  const [first = '', ...rest] = text.split(new RegExp(`^${FILE}`, 'm'));
  const others = rest.map((part): [string, string] => {
    const end = part.indexOf('\n');
    return end < 0 ? [part, ''] : [part.slice(0, end), part.slice(end + 1)];
  });
  return { first, others: new Map(others) };
}

/** What an enforcement point says that it runs, read by its kind. */
export function readListing(kind: ListingKind, text: string): ReadResult {
  if (kind === 'nftables') return readNftables(text);
  const { first, others } = splitFiles(text);
  const fileOf: FileOf = (name) => others.get(name) ?? null;
  return readHaproxy(first, fileOf);
}

const plain = { lines: [], stateful: true, unmodelled: [], beside: [] } as const;
/** A machine without our table routes everything; a gateway without a configuration answers nobody. */
export const withoutPolicy = (kind: ListingKind): Ruleset =>
  kind === 'nftables'
    ? { ...plain, name: 'no table', otherwise: 'permit' }
    : { ...plain, name: 'no way through', otherwise: 'deny' };
