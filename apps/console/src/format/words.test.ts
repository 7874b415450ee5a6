import { expect, it } from 'vitest';
import { confidenceWord, protectionStrength, weakestProtection } from './words.ts';

it('never takes what it does not know for protected', () => {
  expect(protectionStrength('quantum')).toBe('unknown');
  expect(weakestProtection([])).toBe('unknown');
  expect(weakestProtection(['tls1.3', 'unknown'])).toBe('unknown');
});

it('shows a relation as its weakest conversation', () => {
  expect(weakestProtection(['tls1.3', 'tls1.0'])).toBe('outdated');
  expect(weakestProtection(['tls1.3', 'tls1.0', 'clear'])).toBe('clear');
  expect(weakestProtection(['tls1.2', 'ssh2'])).toBe('protected');
});

it('says less than certain of anything that is not', () => {
  expect(confidenceWord(0.949)).toBe('very likely');
  expect(confidenceWord(0)).toBe('hardly known');
});
