import type { Located } from '../located-json.ts';

/** Thrown where JSON says what this package does not know, and caught at the reader's door. */
export class JsonShapeFault extends Error {}

export const member = (value: Located, name: string): Located | null =>
  value.kind === 'object' ? (value.members.get(name) ?? null) : null;

/** A word or a number. Whatever could be more than a word in nft's text is refused. */
export function wordOf(value: Located | null, what: string): string {
  if (value?.kind !== 'value' || value.value === null) throw new JsonShapeFault(`expected ${what}`);
  const text = String(value.value);
  if (!/^[A-Za-z0-9_.:/@*+-]+$/.test(text))
    throw new JsonShapeFault(`expected ${what}, found ${JSON.stringify(text.slice(0, 80))}`);
  return text;
}

export const textOf = (value: Located, name: string): string =>
  wordOf(member(value, name), `a word under ${JSON.stringify(name)}`);

/** One word or a list of them. */
export function textsOf(value: Located | null): string[] {
  if (value === null) return [];
  return value.kind === 'array'
    ? value.items.map((item) => wordOf(item, 'a word'))
    : [wordOf(value, 'a word')];
}
