/**
 * Packs a list of stolen passwords, the commonest first and one a line, into `common.bin`: of each that is long enough to pass,
 * the first bytes of its digest, sorted. Usage: node packages/knowledge/tools/passwords.ts LIST
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

/** What the server asks for at least; shorter ones are refused without any list. */
const LEAST = 12;
const DIGEST_BYTES = 5;

/** As the server looks it up. */
const digestOf = (password: string): string =>
  createHash('sha256')
    .update(password.normalize('NFKC').toLowerCase())
    .digest()
    .subarray(0, DIGEST_BYTES)
    .toString('hex');

const list = process.argv[2];
if (list === undefined) throw new Error('which list?');
const passwords = readFileSync(list, 'utf8')
  .split('\n')
  .map((line) => line.replace(/\r$/, ''))
  .filter((line) => Array.from(line).length >= LEAST);
const digests = [...new Set(passwords.map(digestOf))].sort();
writeFileSync(new URL('../data/passwords/common.bin', import.meta.url), Buffer.from(digests.join(''), 'hex'));
console.log(`${digests.length} passwords, ${DIGEST_BYTES} bytes each`);
