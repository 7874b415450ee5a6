import { KnowledgeError } from './located-error.ts';

/** A pair that anybody can look up; `label` is what a finding may print. Fits the sensor's redactor. */
export interface KnownCredential {
  user: string;
  secret: string;
  label: string;
  /** Everything that it is the default of. */
  products: readonly string[];
}

const BLANK = '<blank>';

/** Reads lines of product, user and secret. A pair of several products is labelled by their number and the first. */
export function parseCredentials(files: readonly { file: string; text: string }[]): KnownCredential[] {
  const products = new Map<string, { entry: Line; names: Set<string> }>();
  for (const { file, text } of files) {
    for (const [index, line] of text.split('\n').entries()) {
      if (line === '') continue;
      const entry = parseLine(file, index + 1, line);
      const key = `${entry.user.toLowerCase()}\u0000${entry.secret}`;
      const known = products.get(key) ?? { entry, names: new Set() };
      known.names.add(entry.product);
      products.set(key, known);
    }
  }
  return [...products.values()].map(({ entry: { user, secret }, names }) => {
    return { user, secret, label: labelOf([...names]), products: [...names] };
  });
}

/**
 * Label → what each pair of that label is a default of. Pairs may share a label; only what holds for all of them is kept, so
 * that a label never says more than it knows.
 */
export function productsByLabel(credentials: readonly KnownCredential[]): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const { label, products } of credentials) {
    const known = found.get(label);
    found.set(label, known === undefined ? products : products.filter((product) => known.includes(product)));
  }
  return found;
}

interface Line {
  product: string;
  user: string;
  secret: string;
}

function labelOf(products: readonly string[]): string {
  const [first] = products;
  return products.length > 2
    ? `default of ${products.length} products (${first}, …)`
    : `${products.join(', ')} default`;
}

function parseLine(file: string, number: number, line: string): Line {
  const [product, user, secret, ...more] = line.split('\t');
  if (!product || user === undefined || secret === undefined || more.length > 0) {
    const expected = 'product, user and secret, separated by tabs';
    throw new KnowledgeError([{ file, entry: `line ${number}`, field: 'line', expected }]);
  }
  return { product, user: user === BLANK ? '' : user, secret: secret === BLANK ? '' : secret };
}
