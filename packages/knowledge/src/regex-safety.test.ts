import { expect, test } from 'vitest';
import { loadKnowledge } from './load.ts';
import { PATTERN_LENGTH, patternFault, STEPS, TEXT_LENGTH } from './regex-safety.ts';

test.each([
  ['^(a+)+$', 'no repetition inside a repetition'],
  ['^(?:a|b*)*c', 'no repetition inside a repetition'],
  ['^(?:x{1,9}y?)+$', 'no repetition inside a repetition'],
  ['^a.*b.*c.*d.*$', 'fewer or shorter repetitions, or a ^ at the start'],
  ['a.*b.*c.*', 'fewer or shorter repetitions, or a ^ at the start'],
  ['(?=a)b', 'a pattern without look-around or named groups'],
  ['(a)\\1', 'a pattern without back-references'],
  ['(a', 'a valid regular expression'],
  ['a'.repeat(PATTERN_LENGTH + 1), `a pattern of at most ${PATTERN_LENGTH} characters`],
])('refuses %s', (pattern, fault) => {
  expect(patternFault(pattern)).toBe(fault);
});

test.each([
  '^a.*b.*c.*$',
  'a.*b',
  '[(+*]+x',
  '\\(a+\\)',
  '^(?:[0-9a-f]{2}:){5}',
  '^(\\w+) v([\\d.]+)$',
  'a'.repeat(PATTERN_LENGTH),
])('takes %s', (pattern) => {
  expect(patternFault(pattern)).toBeNull();
});

test('allows exactly the steps that are stated', () => {
  expect(TEXT_LENGTH ** 3).toBe(STEPS);
  expect(patternFault('^a*b*c*')).toBeNull();
  expect(patternFault('^a*b*c*d{0,2}')).not.toBeNull();
});

test('every pattern that ships ends on texts made to make it backtrack', () => {
  const hostile = ['a', '0', ' ', '.', '-', 'aA0. -'].map((unit) => unit.repeat(TEXT_LENGTH));
  for (const file of loadKnowledge().fingerprints.files) {
    for (const { when, examples } of file.rules) {
      if (when.matches === undefined) continue;
      const pattern = new RegExp(when.matches, 'i');
      const stretched = (examples[0]?.text ?? '').slice(0, 80).padEnd(TEXT_LENGTH, 'a');
      for (const text of [...hostile, stretched]) pattern.test(text.slice(0, TEXT_LENGTH));
    }
  }
});
