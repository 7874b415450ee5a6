import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOW } from '../../testing/keys.ts';
import { CBOR_DEPTH, CBOR_VALUES, TOKEN_BYTES } from '../limits.ts';
import { type Cbor, decodeCbor, MALFORMED, Tagged } from './cbor.ts';
import { encodeCbor } from './cbor-encode.ts';
import { signedBytes } from './cose.ts';
import { PSA_PROFILE } from './psa.ts';
import { judgeToken, type TokenExpectation } from './token.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const nonce = Buffer.alloc(32, 5);
const ueid = Buffer.concat([Uint8Array.of(1), Buffer.alloc(32, 9)]);
const expectation: TokenExpectation = {
  challenge: { value: nonce, expires: NOW + 1, spent: false },
  key: publicKey,
  profiles: [PSA_PROFILE, 'https://example.com/profile'],
  orderedDevice: ueid,
  at: NOW,
};

const component = new Map<Cbor, Cbor>([
  [1, 'BL'],
  [2, Buffer.alloc(32, 1)],
  [4, '2.4.1'],
  [5, Buffer.alloc(32, 2)],
]);
const psa: readonly (readonly [number, Cbor])[] = [
  [10, nonce],
  [256, ueid],
  [265, PSA_PROFILE],
  [2394, -1],
  [2395, 0x3000],
  [2396, Buffer.alloc(32, 3)],
  [2399, [component]],
];
const changed = (...changes: readonly (readonly [number, Cbor])[]) =>
  new Map<Cbor, Cbor>([...psa, ...changes]);
const without = (key: number) => new Map<Cbor, Cbor>(psa.filter(([one]) => one !== key));

interface Making {
  header?: ReadonlyMap<Cbor, Cbor>;
  unprotected?: ReadonlyMap<Cbor, Cbor>;
  key?: KeyObject;
}

function tokenOf(
  claims: Cbor,
  { header = new Map([[1, -7]]), unprotected = new Map(), key = privateKey }: Making = {},
): Uint8Array {
  const protectedBytes = encodeCbor(header);
  const payload = encodeCbor(claims);
  const hash = key.asymmetricKeyType === 'ec' ? 'sha256' : null;
  const signature = sign(hash, signedBytes({ protectedBytes, payload }), { key, dsaEncoding: 'ieee-p1363' });
  return encodeCbor(new Tagged(61, new Tagged(18, [protectedBytes, unprotected, payload, signature])));
}

describe('a token', () => {
  it('of the ordered device, for this challenge, in its secured state, is proved', () => {
    const verdict = judgeToken(tokenOf(changed()), expectation);
    expect(verdict).toMatchObject({
      proved: true,
      psa: { lifecycle: 'secured', components: [{ type: 'BL', version: '2.4.1' }] },
    });
    const plain = new Map<Cbor, Cbor>([
      [10, [Buffer.alloc(8), nonce]],
      [256, ueid],
      [265, 'https://example.com/profile'],
      [263, 3],
      [271, ['7.1', 1]],
    ]);
    expect(judgeToken(tokenOf(plain), expectation)).toMatchObject({
      proved: true,
      psa: null,
      claims: { softwareVersion: '7.1', debug: 'disabled-permanently' },
    });
    const { privateKey: edwards, publicKey: key } = generateKeyPairSync('ed25519');
    expect(
      judgeToken(tokenOf(plain, { key: edwards, header: new Map([[1, -8]]) }), { ...expectation, key }),
    ).toMatchObject({ proved: true });
  });

  it.each<[string, Uint8Array, string]>([
    ['for another challenge', tokenOf(changed([10, Buffer.alloc(32, 6)])), 'challenge'],
    ['for no challenge', tokenOf(without(10)), 'challenge'],
    [
      'by another key',
      tokenOf(changed(), { key: generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey }),
      'signature',
    ],
    [
      'whose algorithm is that of another curve',
      tokenOf(changed(), { header: new Map([[1, -35]]) }),
      'signature',
    ],
    ['whose algorithm is unknown', tokenOf(changed(), { header: new Map([[1, -257]]) }), 'form'],
    [
      'whose algorithm is not protected',
      tokenOf(changed(), { header: new Map(), unprotected: new Map([[1, -7]]) }),
      'form',
    ],
    [
      'with a critical header',
      tokenOf(changed(), {
        header: new Map<Cbor, Cbor>([
          [1, -7],
          [2, [99]],
        ]),
      }),
      'form',
    ],
    ['that is no set of claims', tokenOf(['claims']), 'form'],
    [
      'of another device',
      tokenOf(changed([256, Buffer.concat([Uint8Array.of(1), Buffer.alloc(32, 8)])])),
      'device',
    ],
    ['of no device', tokenOf(without(256)), 'device'],
    ['of another profile', tokenOf(changed([265, 'http://arm.com/psa/2.0.0'])), 'profile'],
    ['of no profile', tokenOf(without(265)), 'profile'],
    ['that is open to debuggers', tokenOf(changed([263, 0])), 'state'],
    ['of a device in debug', tokenOf(changed([2395, 0x4000])), 'state'],
    ['of a decommissioned device', tokenOf(changed([2395, 0x6000])), 'state'],
    ['of an unnamed state', tokenOf(changed([2395, 0x3100])), 'claims'],
    ['without components', tokenOf(changed([2399, []])), 'claims'],
    [
      'with a component that nobody signed',
      tokenOf(changed([2399, [new Map([[2, Buffer.alloc(32)]])]])),
      'claims',
    ],
    ['with a malformed ueid', tokenOf(changed([256, Buffer.alloc(33)])), 'claims'],
    ['with a debug state of text', tokenOf(changed([263, 'length'])), 'claims'],
    ['with client 0', tokenOf(changed([2394, 0])), 'claims'],
    [
      'with two nonces, which the profile forbids',
      tokenOf(changed([10, [nonce, Buffer.alloc(32)]])),
      'claims',
    ],
    ...[2394, 2395, 2396, 2399].map((key): [string, Uint8Array, string] => [
      `without claim ${key}`,
      tokenOf(without(key)),
      'claims',
    ]),
  ])('%s is refused', (_, token, check) => {
    expect(judgeToken(token, expectation)).toMatchObject({ proved: false, check });
  });

  it('that was taken before, or comes too late, is refused', () => {
    for (const change of [{ spent: true }, { expires: NOW - 1 }])
      expect(
        judgeToken(tokenOf(changed()), {
          ...expectation,
          challenge: { ...expectation.challenge, ...change },
        }),
      ).toMatchObject({ check: 'challenge' });
  });

  it('cut off at any byte, or with one changed, is refused', () => {
    const token = tokenOf(changed());
    for (let length = 0; length < token.length; length += 1)
      expect(judgeToken(token.subarray(0, length), expectation).proved).toBe(false);
    for (let at = 0; at < token.length; at += 1) {
      const bytes = Buffer.from(token);
      bytes[at]! ^= 0x41;
      expect(judgeToken(bytes, expectation).proved).toBe(false);
    }
  });
});

describe('CBOR', () => {
  // RFC 8949 appendix A.
  it.each<[string, Cbor]>([
    ['00', 0],
    ['1903e8', 1000],
    ['1bffffffffffffffff', 18_446_744_073_709_551_615n],
    ['3bffffffffffffffff', -18_446_744_073_709_551_616n],
    ['3903e7', -1000],
    ['f93c00', 1],
    ['f97bff', 65_504],
    ['f90001', 2 ** -24],
    ['f9c400', -4],
    ['fa47c35000', 100_000],
    ['fb3ff199999999999a', 1.1],
    ['f97c00', Number.POSITIVE_INFINITY],
    ['f4', false],
    ['f6', null],
    ['f7', undefined],
    ['c074323031332d30332d32315432303a30343a30305a', new Tagged(0, '2013-03-21T20:04:00Z')],
    ['4401020304', Uint8Array.of(1, 2, 3, 4)],
    ['64f0908591', '\u{10151}'],
    ['8301820203820405', [1, [2, 3], [4, 5]]],
    [
      'a26161016162820203',
      new Map<Cbor, Cbor>([
        ['a', 1],
        ['b', [2, 3]],
      ]),
    ],
  ])('%s is read as its specification has it', (hex, value) => {
    expect(decodeCbor(new Uint8Array(Buffer.from(hex, 'hex')))).toEqual(value);
  });

  it.each([
    '',
    '18',
    '1c',
    '5f42010243030405ff',
    '9f01ff',
    'ff',
    'fc',
    'f818',
    '61ff',
    'a2010a010b',
    'a1810102',
    '0000',
    '9bffffffffffffffff',
    '5bffffffffffffffff',
    'c0',
  ])('%s is refused', (hex) => {
    expect(decodeCbor(Buffer.from(hex, 'hex'))).toBe(MALFORMED);
  });

  it('is read within its bounds and refused beyond', () => {
    const nested = (depth: number) => Buffer.concat([Buffer.alloc(depth, 0x81), Uint8Array.of(0)]);
    expect(decodeCbor(nested(CBOR_DEPTH))).not.toBe(MALFORMED);
    expect(decodeCbor(nested(CBOR_DEPTH + 1))).toBe(MALFORMED);
    const many = (count: number) => encodeCbor(Array.from<Cbor>({ length: count }).fill(0));
    expect(decodeCbor(many(CBOR_VALUES - 1))).not.toBe(MALFORMED);
    expect(decodeCbor(many(CBOR_VALUES))).toBe(MALFORMED);
    const long = (count: number) => encodeCbor(Buffer.alloc(count));
    expect(decodeCbor(long(TOKEN_BYTES - 5))).not.toBe(MALFORMED);
    expect(decodeCbor(long(TOKEN_BYTES))).toBe(MALFORMED);
  });

  it('comes back as it was written', () => {
    const values = fc.letrec<{ value: Cbor }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.maxSafeInteger(),
        fc.boolean(),
        fc.constant(null),
        fc.string({ unit: 'grapheme' }),
        fc.uint8Array(),
        fc.array(tie('value'), { maxLength: 4 }),
        fc
          .array(fc.tuple(fc.integer(), tie('value')), { maxLength: 3 })
          .map((entries) => new Map(entries) as Cbor),
      ),
    })).value;
    fc.assert(
      fc.property(values, (value) => {
        expect(decodeCbor(Uint8Array.from(encodeCbor(value)))).toEqual(value);
      }),
      { numRuns: 200 },
    );
  });

  it('of any bytes is read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => void decodeCbor(bytes)),
      { numRuns: 1000 },
    );
  });
});
