import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Redactor } from './redactor.ts';

test('marks are the first 64 bits of HMAC-SHA-256', () => {
  const value = fc.oneof(fc.uint8Array({ maxLength: 600 }), fc.string({ unit: 'binary', maxLength: 400 }));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.array(value, { maxLength: 5 }), (key, values) => {
      const redactor = new Redactor(key, []);
      for (const one of values) {
        const expected = createHmac('sha256', key).update(one).digest('hex').slice(0, 16);
        expect(redactor.mark(one)).toBe(expected);
      }
    }),
    { seed: 5, numRuns: 200 },
  );
});

test('known defaults compare user names without case and secrets with it', () => {
  const redactor = new Redactor(new Uint8Array(1), [{ user: 'Admin', secret: 'Pass', label: 'a default' }]);
  expect(redactor.knownDefault('ADMIN', 'Pass')).toBe('a default');
  expect(redactor.knownDefault('admin', 'pass')).toBeNull();
});
