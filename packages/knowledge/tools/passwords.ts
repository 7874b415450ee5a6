/**
 * Packs a list of stolen passwords, the commonest first and one a line, into `common.bin`: of each that is long enough to pass,
 * the first bytes of its digest, sorted. Usage: node packages/knowledge/tools/passwords.ts LIST
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { PASSWORD_DIGEST_BYTES, passwordDigest } from '../src/common-passwords.ts';

/** What the server asks for at least; shorter ones are refused without any list. */
const LEAST = 12;

const list = process.argv[2];
if (list === undefined) throw new Error('which list?');
const passwords = readFileSync(list, 'utf8')
  .split('\n')
  .map((line) => line.replace(/\r$/, ''))
  .filter((line) => Array.from(line).length >= LEAST);
const digests = [...new Set(passwords.map((password) => passwordDigest(password).toString('hex')))].sort();
writeFileSync(new URL('../data/passwords/common.bin', import.meta.url), Buffer.from(digests.join(''), 'hex'));
console.log(`${digests.length} passwords, ${PASSWORD_DIGEST_BYTES} bytes each`);
