import { plainName, type VendorNames } from '@wardline/knowledge';
import { alike } from './product-name.ts';

/** Are two texts names of one house? Renames and mergers are in the knowledge; a slip of the pen is allowed for. */
export function sameMaker(vendors: VendorNames, stated: string, known: string): boolean {
  const names = [stated, ...stated.split(/[,/;()]/).map((name) => name.trim())].filter(Boolean);
  return names.some((name) => vendors.agree(name, known) || alikeMakers(name, known));
}

function alikeMakers(one: string, other: string): boolean {
  const [a, b] = [plainName(one).split(' ')[0]!, plainName(other).split(' ')[0]!];
  return a.length >= 6 && alike(a, b);
}

/** All words by which a house is called: they tell nothing of which of its products is meant. */
export function makerWords(vendors: VendorNames, names: readonly (string | null)[]): Set<string> {
  const known = names.filter((name) => name !== null);
  const aliases = known.flatMap((name) => [name, vendors.canonical(name)]);
  return new Set(aliases.flatMap((name) => plainName(name).split(' ')));
}
