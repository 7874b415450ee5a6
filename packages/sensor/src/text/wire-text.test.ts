import { expect, it } from 'vitest';
import { factText, latin1, present, startsWith, wireText } from './wire-text.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);

it('keeps offsets: one character a byte', () => {
  const view = bytes(0, 0x41, 0xe9, 0x42).subarray(1);
  expect(latin1(view)).toBe('A\u00e9B');
  expect(latin1(view, 1, 2)).toBe('\u00e9');
  expect(latin1(view, 2, 99)).toBe('B');
});

it('reads UTF-8 where it is, and Latin-1 elsewhere', () => {
  expect(wireText(bytes(0xc3, 0xa9))).toBe('\u00e9');
  expect(wireText(bytes(0xe9))).toBe('\u00e9');
});

it('makes facts printable, short, or absent', () => {
  expect(factText(' a\r\n\u0000 b\u001b[1m ', 20)).toBe('a b [1m');
  expect(factText('x'.repeat(30), 20)).toBe('x'.repeat(20));
  expect(factText('\u0000 \t', 20)).toBeUndefined();
});

it('leaves absent facts out', () =>
  expect(present<{ a?: number; b?: number }>({ a: 1, b: undefined })).toEqual({ a: 1 }));

it('compares starts, as far as there are bytes where asked to', () => {
  expect(startsWith(bytes(0x53, 0x53), 'SSH')).toBe(false);
  expect(startsWith(bytes(0x53, 0x53), 'SSH', 0, true)).toBe(true);
  expect(startsWith(bytes(0x53, 0x54), 'SSH', 0, true)).toBe(false);
  expect(startsWith(bytes(0x00, 0x53, 0x53, 0x48), 'SSH', 1)).toBe(true);
});
