import type { Advisory } from '@wardline/formats';
import type { VendorNames } from '@wardline/knowledge';
import type { MatchedAsset } from './asset.ts';
import { makerWords } from './makers.ts';
import { isPackage } from './packages.ts';
import { identityKeys } from './parts/parts.ts';
import { nameParts } from './product-name.ts';

/** Finds by the words of names which assets an advisory can concern, and which advisories an asset. */
export class Candidates<T> {
  readonly #byWord = new Map<string, Set<T>>();

  add(words: Iterable<string>, value: T): void {
    for (const word of words) {
      const known = this.#byWord.get(word);
      if (known === undefined) this.#byWord.set(word, new Set([value]));
      else known.add(value);
    }
  }

  find(words: Iterable<string>): Set<T> {
    const found = new Set<T>();
    for (const word of words) for (const value of this.#byWord.get(word) ?? []) found.add(value);
    return found;
  }
}

/**
 * The keys by which an asset is found. A slip of the pen is allowed for by the halves of a long word: one slip leaves one half of
 * it alone.
 */
export function assetKeys(vendors: VendorNames, asset: MatchedAsset): Set<string> {
  const known = `${asset.family ?? ''} ${asset.model ?? ''}`.trim();
  if (known === '') return new Set(asset.vendor === null ? [] : [houseKey(vendors, asset.vendor)]);
  return keysOf(known, makerWords(vendors, [asset.vendor]));
}

/**
 * The keys of everything that an advisory names; a house's key reaches those of its devices of which no more is known. Packages and CPE
 * names are there for the parts of products.
 */
export function advisoryKeys(vendors: VendorNames, advisory: Advisory): Set<string> {
  const keys = new Set<string>();
  const seen = new Set<unknown>();
  const named = new Set<unknown>();
  for (const { product, within } of advisory.statements) {
    const identity = within ?? product;
    if (within === null && !named.has(product)) for (const key of identityKeys(product)) keys.add(key);
    named.add(product);
    if (seen.has(identity) || isPackage(identity.purl)) continue;
    seen.add(identity);
    if (identity.vendor !== null) keys.add(houseKey(vendors, identity.vendor));
    for (const model of identity.models) for (const key of keysOf(model, new Set())) keys.add(key);
    for (const key of keysOf(identity.name, new Set())) keys.add(key);
  }
  return keys;
}

function houseKey(vendors: VendorNames, vendor: string): string {
  const name = vendors.canonical(vendor);
  return `house:${(vendors.byName(name)?.family ?? name).toLowerCase()}`;
}

function keysOf(text: string, makers: ReadonlySet<string>): Set<string> {
  const { words, codes } = nameParts(text, makers);
  const keys = new Set(words.flatMap(halves));
  for (const code of codes) keys.add(code);
  return keys;
}

function halves(word: string): string[] {
  if (word.length < 6) return [word];
  return [`${word.slice(0, 3)}…`, `…${word.slice(-3)}`];
}
