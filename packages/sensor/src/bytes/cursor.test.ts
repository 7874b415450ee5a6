import { describe, expect, it } from 'vitest';
import { Cursor } from './cursor.ts';

describe('Cursor', () => {
  it('reads numbers of both byte orders', () => {
    const cursor = new Cursor(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
    expect([cursor.u8(), cursor.u16(), cursor.u24()]).toEqual([1, 0x0203, 0x040506]);
    expect([cursor.u16le(), cursor.u32le()]).toEqual([0x0807, 0x0c0b0a09]);
    expect(cursor.failed).toBe(false);
  });

  it('fails for good past the end and gives zeros', () => {
    const cursor = new Cursor(Uint8Array.of(1, 2));
    expect(cursor.u32()).toBe(0);
    expect(cursor.failed).toBe(true);
    expect([cursor.u8(), cursor.left, cursor.take(1).length]).toEqual([0, 0, 0]);
  });

  it('keeps an inner cursor inside its length', () => {
    const cursor = new Cursor(Uint8Array.of(1, 2, 3));
    const inner = cursor.within(2);
    expect([inner.u16(), inner.left, cursor.u8()]).toEqual([0x0102, 0, 3]);
    expect(new Cursor(Uint8Array.of(1)).within(2).failed).toBe(true);
  });
});
