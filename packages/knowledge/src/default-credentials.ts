import { KnowledgeError } from './located-error.ts';

/** A pair that anybody can look up; `label` is what a finding may print. Fits the sensor's redactor. */
export interface KnownCredential {
  user: string;
  secret: string;
  label: string;
}

const BLANK = '<blank>';

/** Reads lines of product, user and secret. A pair of several products is labelled by their number and the first. */
export function parseCredentials(files: readonly { file: string; text: string }[]): KnownCredential[] {
  const products = new Map<string, { entry: KnownCredential; names: Set<string> }>();
  for (const { file, text } of files) {
    for (const [index, line] of text.split('\n').entries()) {
      if (line === '') continue;
      const entry = parseLine(file, index + 1, line);
      const key = `${entry.user.toLowerCase()}\u0000${entry.secret}`;
      const known = products.get(key) ?? { entry, names: new Set() };
      known.names.add(entry.label);
      products.set(key, known);
    }
  }
  return [...products.values()].map(({ entry, names }) => ({ ...entry, label: labelOf([...names]) }));
}

function labelOf(products: readonly string[]): string {
  const [first] = products;
  return products.length > 2
    ? `default of ${products.length} products (${first}, …)`
    : `${products.join(', ')} default`;
}

function parseLine(file: string, number: number, line: string): KnownCredential {
  const [label, user, secret, ...more] = line.split('\t');
  if (!label || user === undefined || secret === undefined || more.length > 0) {
    const expected = 'product, user and secret, separated by tabs';
    throw new KnowledgeError([{ file, entry: `line ${number}`, field: 'line', expected }]);
  }
  return { label, user: user === BLANK ? '' : user, secret: secret === BLANK ? '' : secret };
}
