import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isBreached } from './breached.ts';

const folder = mkdtempSync(join(tmpdir(), 'breached-'));

function listOf(passwords: readonly string[], end = '\r\n', last = ''): string {
  const digests = passwords.map((password) =>
    createHash('sha1').update(password).digest('hex').toUpperCase(),
  );
  const file = join(folder, 'list.txt');
  const lines = digests.sort().map((digest, index) => `${digest}:${index ** 3 + 1}`);
  writeFileSync(file, lines.join(end) + last);
  return file;
}

it('finds each password of a list and no other, whatever ends its lines', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 40 }),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      async (passwords, end, isEnded) => {
        const file = listOf(passwords, end, isEnded ? end : '');
        for (const password of passwords) expect(await isBreached(file, password)).toBe(true);
        for (const password of ['', 'another', 'x'.repeat(300)])
          expect(await isBreached(file, password)).toBe(false);
      },
    ),
  );
});

it('says where a file is no such list', async () => {
  const file = join(folder, 'other.txt');
  writeFileSync(file, 'password\n123456\n');
  await expect(isBreached(file, 'password')).rejects.toThrow(/other.txt: at byte \d+ a SHA-1 digest/);
  await expect(isBreached(join(folder, 'none'), 'password')).rejects.toThrow(/ENOENT/);
});
