import fc from 'fast-check';
import { expect, it } from 'vitest';
import { commonPasswords } from './common-passwords.ts';

const common = commonPasswords();

it('knows what was stolen most often, in any case and form', () => {
  expect(common.size).toBeGreaterThan(40_000);
  for (const password of [
    'unbelievable',
    'Unbelievable',
    'qwertyuiop123',
    'manchesterunited',
    'ｕnbelievable',
  ])
    expect(common.has(password), password).toBe(true);
});

it('knows no password of chance', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 16, maxLength: 40, unit: 'binary' }), (password) => {
      expect(common.has(`${password}§`)).toBe(false);
    }),
  );
});
