import { describe, expect, test } from 'vitest';
import { formatIpv6, formatMac, ipv4At, ipv6At, macAt } from './address.ts';

const ipv6 = (...groups: number[]) => ipv6At(new Uint8Array(groups.flatMap((g) => [g >> 8, g & 255])), 0);

describe('addresses', () => {
  test('writes IPv6 as RFC 5952 has it', () => {
    expect(ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 2, 1)).toBe('2001:db8::2:1');
    expect(ipv6(0x2001, 0xdb8, 0, 1, 1, 1, 1, 1)).toBe('2001:db8:0:1:1:1:1:1');
    expect(ipv6(0x2001, 0, 0, 1, 0, 0, 0, 1)).toBe('2001:0:0:1::1');
    expect(ipv6(0x2001, 0xdb8, 0, 0, 1, 0, 0, 1)).toBe('2001:db8::1:0:0:1');
    expect(ipv6(0, 0, 0, 0, 0, 0, 0, 0)).toBe('::');
    expect(ipv6(0, 0, 0, 0, 0, 0, 0, 1)).toBe('::1');
    expect(ipv6(0xfe80, 0, 0, 0, 0, 0, 0, 0)).toBe('fe80::');
  });

  test('writes the same from words as from bytes', () => {
    expect(formatIpv6(0xfe800000 | 0, 0, 0x02005eff, 0xfe1000ff | 0)).toBe('fe80::200:5eff:fe10:ff');
    expect(formatMac(0x0200, 0xfe1000ff | 0)).toBe('02:00:fe:10:00:ff');
    expect(macAt(new Uint8Array([2, 0, 254, 16, 0, 255]), 0)).toBe('02:00:fe:10:00:ff');
    expect(ipv4At(new Uint8Array([9, 192, 168, 0, 255]), 1)).toBe('192.168.0.255');
  });
});
