import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { DAY_MICROS, NOW } from '../../testing/keys.ts';
import {
  BOUND,
  certifying,
  makeKey,
  makeSignature,
  makeStatement,
  RESTRICTED,
} from '../testing/made-evidence.ts';
import { type Maker, makeMaker } from '../testing/tpm-authority.ts';
import { parseAttest } from '../tpm/attest.ts';
import { parsePublicArea } from '../tpm/public-area.ts';
import { parseSignature } from '../tpm/signature.ts';
import { judgeKey, type KeyEvidence, type KeyExpectation } from './key-attestation.ts';

const challenge = { value: Buffer.alloc(32, 7), expires: NOW + 60_000_000, spent: false };
const DEVICE = 'SN-4711';
const ak = makeKey(BOUND | RESTRICTED);
const key = makeKey(BOUND, null);
let maker: Maker;
let expectation: KeyExpectation;

const pins = () => ({ roots: [maker.root], isRevoked: () => false });
const evidenceOf = (certifyInfo: Uint8Array, by = ak, of = key): KeyEvidence => ({
  akPublic: by.area,
  keyPublic: of.area,
  certifyInfo,
  signature: makeSignature(by, certifyInfo),
});
const good = () => evidenceOf(makeStatement({ challenge: challenge.value, about: certifying(key.name) }));
const trustOf = (bytes: Uint8Array) => ({
  by: 'certificate' as const,
  certificate: bytes,
  intermediates: [],
  pins: pins(),
});

beforeAll(async () => {
  maker = await makeMaker();
  const vouched = await maker.issue({ spki: ak.spki, device: DEVICE });
  expectation = {
    challenge,
    trust: trustOf(vouched),
    requestKey: key.spki,
    orderedDevice: Buffer.from(DEVICE),
    at: NOW,
  };
});

it('proves a key whose six checks hold', () => {
  expect(judgeKey(good(), expectation)).toMatchObject({ proved: true, clock: { resets: 1 } });
});

describe('1. whose attestation key it is', () => {
  const judged = (trust: KeyExpectation['trust'], evidence = good()) =>
    judgeKey(evidence, { ...expectation, trust });

  it('refuses a key for which another maker vouches', async () => {
    const stranger = await makeMaker();
    const vouched = await stranger.issue({ spki: ak.spki, device: DEVICE });
    expect(judged(trustOf(vouched))).toMatchObject({ check: 'ak-trust' });
  });

  it.each([
    ['of another key', { spki: makeKey(BOUND).spki }],
    ['that is an authority', { spki: ak.spki, ca: true }],
    ['of an endorsement key', { spki: ak.spki, profile: 'ek' as const }],
    ['with a subject', { spki: ak.spki, subject: 'somebody' }],
    ['without the names of a TPM', { spki: ak.spki, named: false }],
    ['that ended', { spki: ak.spki, until: NOW - DAY_MICROS / 2 }],
  ])('refuses a certificate %s', async (_, of) => {
    const vouched = await maker.issue({ device: DEVICE, ...of });
    expect(judged(trustOf(vouched))).toMatchObject({ check: 'ak-trust' });
  });

  it.each([true, null])('refuses a certificate of which the answer to "revoked?" is %s', async (answer) => {
    const trust = trustOf(await maker.issue({ spki: ak.spki, device: DEVICE }));
    expect(judged({ ...trust, pins: { ...trust.pins, isRevoked: () => answer } })).toMatchObject({
      check: 'ak-trust',
    });
  });

  it('refuses another key than the enrolled one, and a secret that was sealed to another or not opened', () => {
    const other = makeKey(BOUND | RESTRICTED);
    const devices = [Buffer.from(DEVICE)];
    const [secret, wrong] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    expect(judged({ by: 'enrolment', akName: ak.name, devices })).toMatchObject({ proved: true });
    expect(judged({ by: 'enrolment', akName: other.name, devices })).toMatchObject({ check: 'ak-trust' });
    const activation = { secret, akName: ak.name, devices };
    expect(judged({ by: 'activation', activation, answer: secret })).toMatchObject({ proved: true });
    for (const answer of [wrong, secret.subarray(1), Buffer.alloc(0)])
      expect(judged({ by: 'activation', activation, answer })).toMatchObject({ check: 'ak-trust' });
    const bound = { ...activation, akName: other.name };
    expect(judged({ by: 'activation', activation: bound, answer: secret })).toMatchObject({
      check: 'ak-trust',
    });
  });
});

const attributes = (bits: number) => async () => {
  const loose = makeKey(bits);
  const trust = trustOf(await maker.issue({ spki: loose.spki, device: DEVICE }));
  const statement = makeStatement({ challenge: challenge.value, about: certifying(key.name) });
  return judgeKey(evidenceOf(statement, loose), { ...expectation, trust });
};
const DECRYPT = 0x0002_0000;
const DUPLICABLE = 0x0000_0800;

it.each([
  ['an unrestricted key', BOUND],
  ['a key that is not fixed to its TPM', (BOUND & ~0x2) | RESTRICTED],
  ['a key from outside', (BOUND & ~0x20) | RESTRICTED],
  ['a key that may be duplicated', BOUND | RESTRICTED | DUPLICABLE],
  ['a key that decrypts as well', BOUND | RESTRICTED | DECRYPT],
])('2. refuses %s as attestation key', async (_, bits) => {
  expect(await attributes(bits)()).toMatchObject({ check: 'ak-attributes' });
});

it('3. refuses a statement that another key signed, that was changed, or that is signed by SHA-1', () => {
  const proof = good();
  const other = makeKey(BOUND | RESTRICTED);
  expect(
    judgeKey({ ...proof, signature: makeSignature(other, proof.certifyInfo) }, expectation),
  ).toMatchObject({ check: 'signature' });
  const changed = Buffer.from(proof.certifyInfo);
  changed[changed.length - 1]! ^= 1;
  expect(judgeKey({ ...proof, certifyInfo: changed }, expectation)).toMatchObject({ check: 'signature' });
  const weak = Buffer.from(proof.signature);
  weak.writeUInt16BE(0x0004, 2);
  expect(judgeKey({ ...proof, signature: weak }, expectation)).toMatchObject({ check: 'signature' });
});

describe('4. what the statement answers', () => {
  const about = certifying(key.name);
  it.each([
    ['another challenge', { challenge: Buffer.alloc(32, 8), about }],
    ['a part of the challenge', { challenge: challenge.value.subarray(0, 31), about }],
    ['nothing', { challenge: Buffer.alloc(0), about }],
    ['what a TPM did not make', { challenge: challenge.value, about, magic: 0x12345678 }],
    ['another question', { challenge: challenge.value, about, type: 0x8014 }],
  ])('refuses a statement that answers %s', (_, statement) => {
    expect(judgeKey(evidenceOf(makeStatement(statement)), expectation)).toMatchObject({ check: 'challenge' });
  });

  it('refuses an answer that comes a second time, or too late', () => {
    const spent = { ...challenge, spent: true };
    expect(judgeKey(good(), { ...expectation, challenge: spent })).toMatchObject({ check: 'challenge' });
    const late = { ...challenge, expires: NOW - 1 };
    expect(judgeKey(good(), { ...expectation, challenge: late })).toMatchObject({ check: 'challenge' });
  });

  it.each([15, 65])('takes no challenge of %i bytes', (length) => {
    const value = Buffer.alloc(length, 7);
    const proof = evidenceOf(makeStatement({ challenge: value, about }));
    expect(() => judgeKey(proof, { ...expectation, challenge: { ...challenge, value } })).toThrow(RangeError);
  });
});

it('5. refuses a statement about another key, and keys that were not made in the TPM or may leave it', () => {
  const other = makeKey(BOUND, null);
  const about = makeStatement({ challenge: challenge.value, about: certifying(other.name) });
  expect(judgeKey(evidenceOf(about), expectation)).toMatchObject({ check: 'key-attributes' });
  for (const bits of [BOUND & ~0x2, BOUND & ~0x10, BOUND & ~0x20, BOUND | DUPLICABLE]) {
    const loose = makeKey(bits, null);
    const statement = makeStatement({ challenge: challenge.value, about: certifying(loose.name) });
    const judged = judgeKey(evidenceOf(statement, ak, loose), { ...expectation, requestKey: loose.spki });
    expect(judged).toMatchObject({ check: 'key-attributes' });
  }
});

it('6. refuses a request for another key, another device, and an order or a proof that names none', async () => {
  const requestKey = makeKey(BOUND).spki;
  expect(judgeKey(good(), { ...expectation, requestKey })).toMatchObject({ check: 'same-key-and-device' });
  for (const device of ['SN-4712', 'SN-471', 'sn-4711', ''])
    expect(judgeKey(good(), { ...expectation, orderedDevice: Buffer.from(device) })).toMatchObject({
      check: 'same-key-and-device',
    });
  const nameless = trustOf(await maker.issue({ spki: ak.spki }));
  expect(judgeKey(good(), { ...expectation, trust: nameless })).toMatchObject({
    check: 'same-key-and-device',
  });
});

it('refuses evidence cut off at any byte, and any changed byte', () => {
  const proof = good();
  const trust = { by: 'enrolment' as const, akName: ak.name, devices: [Buffer.from(DEVICE)] };
  const known = { ...expectation, trust };
  expect(judgeKey(proof, known).proved).toBe(true);
  for (const part of ['akPublic', 'keyPublic', 'certifyInfo', 'signature'] as const) {
    for (let length = 0; length < proof[part].length; length += 1)
      expect(judgeKey({ ...proof, [part]: proof[part].subarray(0, length) }, known).proved).toBe(false);
    const longer = Buffer.concat([proof[part], Uint8Array.of(0)]);
    expect(judgeKey({ ...proof, [part]: longer }, known).proved).toBe(false);
  }
  fc.assert(
    fc.property(
      fc.constantFrom('akPublic', 'keyPublic', 'certifyInfo', 'signature' as const),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (part, place, change) => {
        const bytes = Buffer.from(proof[part as keyof KeyEvidence]);
        bytes[place % bytes.length]! ^= change;
        expect(judgeKey({ ...proof, [part]: bytes }, known).proved).toBe(false);
      },
    ),
    { numRuns: 150 },
  );
});

it('reads any bytes to a structure or to nothing', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, headed) => {
      const whole = headed ? Buffer.concat([Buffer.from('ff5443478018', 'hex'), bytes]) : bytes;
      for (const parse of [parseAttest, parsePublicArea, parseSignature]) parse(whole);
    }),
    { numRuns: 500 },
  );
  const large = Buffer.alloc(4097);
  expect([parseAttest(large), parsePublicArea(large), parseSignature(large)]).toEqual([null, null, null]);
});
