import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  certificate,
  detached,
  flags,
  lasts,
  made,
  makeKey,
  packet,
  said,
  signature,
} from '../testing/openpgp.ts';
import { readKeyring, verifyDetached } from './index.ts';
import { withoutArmour } from './packets.ts';

const fixture = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../../../fixtures/openpgp', name));
const at = (day: string) => Date.parse(day) / 1000;
const MARCH = at('2026-03-01');
const keysOf = (text: string, now = MARCH) => readKeyring(text, now) ?? [];
const document = fixture('document.txt');

/** Why a signature does not hold; null where it does. */
function why(keys: string, signed: string | Buffer, now = MARCH, of: Buffer = document): string | null {
  const answer = verifyDetached(of, Buffer.from(signed), keysOf(keys, now), now);
  return answer.ok ? null : answer.why;
}

describe('what GnuPG makes', () => {
  const key = (name: string) => fixture(`${name}.key.asc`).toString();
  const signed = (name: string) => fixture(`${name}.sig.asc`);

  it.each(['rsa2048', 'ed25519', 'nistp256', 'nistp384', 'nistp521', 'subkey', 'expired'])(
    '%s holds',
    (name) => {
      expect(why(key(name), signed(name))).toBeNull();
      expect(why(key(name), withoutArmour(signed(name).toString()))).toBeNull();
      expect(why(key(name), signed(name), MARCH, Buffer.from('An advisory!\n'))).toBe(
        'it does not fit the document',
      );
    },
  );

  it.each([
    ['expired', 'expired', at('2027-01-02'), 'its key has expired'],
    ['revoked', 'revoked', MARCH, 'its key was revoked'],
    ['rsa2048', 'sha1', MARCH, 'its hash is a broken one, such as SHA-1'],
    ['rsa2048', 'text', MARCH, 'it is not of a document as it lies there'],
    ['rsa2048', 'ed25519', MARCH, 'none of the keys that are trusted made it'],
    ['ed25519', 'ed25519', at('2026-01-15'), 'it was made in the future'],
  ])('with the key of %s, %s does not hold', (name, other, now, expected) => {
    expect(why(key(name), signed(other), now)).toBe(expected);
  });

  it('holds for nobody else and for no other bytes', () => {
    const bytes = withoutArmour(signed('rsa2048').toString());
    const keys = keysOf(key('rsa2048'));
    const bodyStart = bytes.length - 256;
    for (let offset = bodyStart; offset < bytes.length; offset += 1) {
      const changed = Buffer.from(bytes);
      changed[offset]! ^= 1;
      expect(verifyDetached(document, changed, keys, MARCH).ok).toBe(false);
    }
    for (let end = 0; end < bytes.length; end += 1)
      expect(verifyDetached(document, bytes.subarray(0, end), keys, MARCH).ok).toBe(false);
    const ring = withoutArmour(key('subkey'));
    const armour = (cut: Buffer) =>
      `-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n${cut.toString('base64')}\n-----END PGP PUBLIC KEY BLOCK-----`;
    for (let end = 0; end < ring.length; end += 1)
      expect(why(armour(ring.subarray(0, end)), signed('subkey'))).not.toBeNull();
  });
});

describe('a certificate', () => {
  const [maker, subkey, stranger] = [makeKey(), makeKey(), makeKey()];
  const text = document.toString();
  const pair = [maker.hashed, subkey.hashed];
  const own = said(32, signature(subkey, 0x19, pair));
  const bound = (...parts: Buffer[]) => packet(2, signature(maker, 0x18, pair, [made(), ...parts]));
  const withSubkey = (...signatures: Buffer[]) =>
    certificate(maker, [packet(14, subkey.body), ...signatures]);

  it('lets its own key and its signing subkeys sign', () => {
    expect(why(certificate(maker), detached(maker, text))).toBeNull();
    expect(why(withSubkey(bound(flags(2), own)), detached(subkey, text))).toBeNull();
  });

  const foreign = 'its key does not belong to the certificate it came with';
  it.each([
    ['one that nothing binds', withSubkey(), foreign],
    [
      'one that a stranger binds',
      withSubkey(packet(2, signature(stranger, 0x18, pair, [made(), flags(2), own]))),
      foreign,
    ],
    ['another’s, taken in without its consent', withSubkey(bound(flags(2))), foreign],
    [
      'one with the consent of another',
      withSubkey(bound(flags(2), said(32, signature(stranger, 0x19, pair)))),
      foreign,
    ],
    ['one for encryption', withSubkey(bound(flags(12), own)), 'its key is not for signing'],
    ['one of unsaid use', withSubkey(bound(own)), 'its key is not for signing'],
    ['an expired one', withSubkey(bound(flags(2), own, lasts(9, 3600))), 'its key has expired'],
    [
      'a revoked one',
      withSubkey(packet(2, signature(maker, 0x28, pair)), bound(flags(2), own)),
      'its key was revoked',
    ],
  ])('does not let %s sign', (_name, keys, expected) => {
    expect(why(keys, detached(subkey, text))).toBe(expected);
  });

  it.each([
    ['says nothing of itself', [packet(6, maker.body)], 'vouch'],
    [
      'is vouched for by a stranger',
      [packet(6, maker.body), packet(2, signature(stranger, 0x1f, [maker.hashed]))],
      'vouch',
    ],
    [
      'is for certifying only',
      [packet(6, maker.body), packet(2, signature(maker, 0x1f, [maker.hashed], [made(), flags(1)]))],
      'not for signing',
    ],
    [
      'was revoked with something critical that nobody knows',
      [
        packet(6, maker.body),
        packet(2, signature(maker, 0x20, [maker.hashed], [made(), said(0x80 | 100, Buffer.from('?'))])),
        packet(2, signature(maker, 0x1f, [maker.hashed])),
      ],
      'revoked',
    ],
  ])('does not let its own key sign where it %s', (_name, packets, expected) => {
    const keys = `-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n${Buffer.concat(packets).toString('base64')}\n-----END PGP PUBLIC KEY BLOCK-----`;
    expect(why(keys, detached(maker, text))).toContain(expected);
  });

  it.each([
    ['has expired', [made(), lasts(3, 3600)], 'it has expired'],
    ['is older than its key', [made(at('2025-01-01'))], 'it is older than its key'],
    [
      'depends on what nobody knows',
      [made(), said(0x80 | 100, Buffer.from('?'))],
      'it depends on something that is not understood here',
    ],
    ['does not say when it was made', [], 'it is no signature of a kind that is taken'],
  ])('does not make a signature hold that %s', (_name, subpackets, expected) => {
    expect(why(certificate(maker), detached(maker, text, subpackets))).toBe(expected);
  });
});

it('survives any bytes as keys and as a signature', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.string(), (bytes, text) => {
      expect(readKeyring(text, MARCH)).toBeNull();
      const ring = `-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n${Buffer.from(bytes).toString('base64')}\n-----END PGP PUBLIC KEY BLOCK-----`;
      readKeyring(ring, MARCH);
      expect(
        verifyDetached(document, Buffer.from(bytes), keysOf(fixture('rsa2048.key.asc').toString()), MARCH).ok,
      ).toBe(false);
    }),
    { numRuns: 50 },
  );
});
