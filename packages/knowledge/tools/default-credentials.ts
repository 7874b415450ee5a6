/**
 * Converts the published list of default credentials (CSV: product, user, secret) to `published.tsv`.
 * Usage: node packages/knowledge/tools/default-credentials.ts LIST.csv
 */
import { readFileSync, writeFileSync } from 'node:fs';

/** A user name or secret longer than this is prose, not a credential. */
const MAX_LENGTH = 64;

function fields(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((match) =>
    (match[1]?.replaceAll('""', '"') ?? match[2] ?? '').trim(),
  );
}

function usable([product, user, secret]: string[]): boolean {
  if (product === undefined || user === undefined || secret === undefined) return false;
  const blank = (text: string) => text === '' || text === '<blank>';
  if (product === '' || (blank(user) && blank(secret))) return false;
  if ([product, user, secret].some((text) => /[\t\r]/.test(text))) return false;
  return user.length <= MAX_LENGTH && secret.length <= MAX_LENGTH && product.length <= MAX_LENGTH;
}

const [input] = process.argv.slice(2);
if (input === undefined) throw new Error('the path of the CSV file is missing');
const rows = readFileSync(input, 'utf8').split('\n').slice(1).map(fields).filter(usable);
const lines = rows.map(([product, user, secret]) =>
  [product, user || '<blank>', secret || '<blank>'].join('\t'),
);
const sorted = [...new Set(lines)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
const target = new URL('../data/default-credentials/published.tsv', import.meta.url);
writeFileSync(target, `${sorted.join('\n')}\n`);
console.log(`${sorted.length} of ${rows.length} rows`);
