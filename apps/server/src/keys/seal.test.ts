import { expect, it } from 'vitest';
import { Sealer } from './seal.ts';

const sealer = new Sealer(new Uint8Array(32).fill(1));

it('opens what it sealed, at its place and with its key only', () => {
  const sealed = sealer.seal(Buffer.from('secret'), 'totp/1');
  expect(sealer.open(sealed, 'totp/1')?.toString()).toBe('secret');
  expect(sealer.open(sealed, 'totp/2')).toBeNull();
  expect(new Sealer(new Uint8Array(32).fill(2)).open(sealed, 'totp/1')).toBeNull();
  expect(sealed.toString('latin1')).not.toContain('secret');
});

it('opens nothing with any bit changed or any end cut', () => {
  const sealed = sealer.seal(Buffer.from('secret'), 'p');
  for (let bit = 0; bit < sealed.length * 8; bit += 1) {
    const changed = Buffer.from(sealed);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    expect(sealer.open(changed, 'p')).toBeNull();
  }
  for (let end = 0; end < sealed.length; end += 1)
    expect(sealer.open(sealed.subarray(0, end), 'p')).toBeNull();
});
