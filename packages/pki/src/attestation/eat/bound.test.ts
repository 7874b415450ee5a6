import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NOW } from '../../testing/keys.ts';
import { coseKey, SoftwareElement } from '../testing/made-token.ts';
import { type BoundExpectation, judgeBoundToken, nonceFor } from './bound.ts';
import type { Cbor } from './cbor.ts';
import { confirmedKeyOf } from './cose-key.ts';
import { PSA_PROFILE } from './psa.ts';

const pair = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const [own, device, other] = [pair(), pair(), pair()];
const ueid = Buffer.concat([Uint8Array.of(1), Buffer.alloc(32, 9)]);
const element = new SoftwareElement(ueid, own.privateKey);
const spki = (key: KeyObject) => key.export({ type: 'spki', format: 'der' });
const challenge = Buffer.alloc(32, 5);
const expectation: BoundExpectation = {
  challenge: { value: challenge, expires: NOW + 1, spent: false },
  requestKey: spki(device.publicKey),
  key: own.publicKey,
  profiles: [PSA_PROFILE],
  orderedDevice: ueid,
  at: NOW,
};
const nonce = nonceFor(challenge, expectation.requestKey);

it('vouches for a key that the token names, and claims it where it only answers for it', () => {
  expect(judgeBoundToken(element.token(nonce, device.publicKey), expectation)).toMatchObject({
    proved: true,
    says: 'proved',
  });
  expect(judgeBoundToken(element.token(nonce), expectation)).toMatchObject({ proved: true, says: 'claimed' });
});

it.each<[string, Buffer, string]>([
  ['about another key', element.token(nonceFor(challenge, spki(other.publicKey))), 'challenge'],
  [
    'for another challenge',
    element.token(nonceFor(Buffer.alloc(32, 6), expectation.requestKey)),
    'challenge',
  ],
  ['with the bare challenge', element.token(challenge), 'challenge'],
  ['that names another key', element.token(nonce, other.publicKey), 'key'],
  [
    'of another element',
    new SoftwareElement(ueid, other.privateKey).token(nonce, device.publicKey),
    'signature',
  ],
])('refuses a token %s', (_, token, check) => {
  expect(judgeBoundToken(token, expectation)).toMatchObject({ proved: false, check });
});

it('refuses one that was answered before or comes too late', () => {
  for (const change of [{ spent: true }, { expires: NOW - 1 }])
    expect(
      judgeBoundToken(element.token(nonce), {
        ...expectation,
        challenge: { ...expectation.challenge, ...change },
      }),
    ).toMatchObject({ proved: false, check: 'challenge' });
});

/** RFC 8747 §3.2: the key of its example, on P-256. */
const published = new Map<Cbor, Cbor>([
  [1, 2],
  [-1, 1],
  [-2, Buffer.from('d7cc072de2205bdc1537a543d53c60a6acb62eccd890c7fa27c9e354089bbe13', 'hex')],
  [-3, Buffer.from('f95e1d4b851a2cc80fff87d8e23f22afb725d535e515d020731e79a3b4e47120', 'hex')],
]);

it('reads the key of the standard’s example, and refuses what is none', () => {
  expect(confirmedKeyOf(new Map<Cbor, Cbor>([[1, published]]))?.asymmetricKeyDetails).toEqual({
    namedCurve: 'prime256v1',
  });
  const edwards = generateKeyPairSync('ed25519').publicKey;
  const point = Buffer.from(edwards.export({ format: 'jwk' }).x!, 'base64url');
  const okp = new Map<Cbor, Cbor>([
    [1, 1],
    [-1, 6],
    [-2, point],
  ]);
  expect(confirmedKeyOf(new Map<Cbor, Cbor>([[1, okp]]))?.equals(edwards)).toBe(true);
  const changed = (...changes: (readonly [number, Cbor])[]) =>
    new Map<Cbor, Cbor>([[1, new Map([...published, ...changes])]]);
  for (const bad of [
    changed([-3, Buffer.alloc(32, 1)]), // no point of the curve
    changed([-3, true]), // compressed
    changed([-2, Buffer.alloc(31)]),
    changed([-1, 2]),
    changed([1, 4]), // symmetric
    changed([-4, Buffer.alloc(32)]), // with its private half
    new Map<Cbor, Cbor>([[3, Buffer.alloc(8)]]), // by name only
    new Map<Cbor, Cbor>(),
    coseKey(device.publicKey),
    'key',
  ])
    expect(confirmedKeyOf(bad as Cbor)).toBeNull();
});

it('of any changed byte is refused or says the same', () => {
  const token = element.token(nonce, device.publicKey);
  fc.assert(
    fc.property(fc.nat(token.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const bytes = Buffer.from(token);
      bytes[at]! ^= by;
      expect(judgeBoundToken(bytes, expectation)).toMatchObject({ proved: false });
    }),
  );
  for (let end = 0; end < token.length; end += 1)
    expect(judgeBoundToken(token.subarray(0, end), expectation).proved).toBe(false);
});
