import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { certificate } from '../certificate/certificate.ts';
import { NOW } from '../testing/keys.ts';
import { parseEventLog } from './boot/event-log.ts';
import { pathFault } from './certificates/chain.ts';
import { readPsaClaims } from './eat/psa.ts';
import { BANKS, CHAIN_CERTIFICATES, EVENTS, SOFTWARE_COMPONENTS } from './limits.ts';
import { BOUND, makeKey, makeLog } from './testing/made-evidence.ts';
import { makeMaker } from './testing/tpm-authority.ts';
import { parseAttest } from './tpm/attest.ts';
import { sized, u16, u32 } from './tpm/octets.ts';
import { parsePublicArea } from './tpm/public-area.ts';

it(`reads quotes of ${BANKS} banks and no more`, () => {
  const quote = (banks: number) => {
    const bank = Buffer.concat([u16(0x0b), Uint8Array.of(3, 1, 0, 0)]);
    const head = [
      Buffer.from('ff5443478018', 'hex'),
      sized(Buffer.alloc(0)),
      sized(Buffer.alloc(0)),
      Buffer.alloc(25),
    ];
    return Buffer.concat([
      ...head,
      u32(banks),
      ...Array.from({ length: banks }, () => bank),
      sized(Buffer.alloc(32)),
    ]);
  };
  expect(parseAttest(quote(BANKS))).not.toBeNull();
  expect(parseAttest(quote(BANKS + 1))).toBeNull();
});

it(`reads logs of ${EVENTS} events and no more`, () => {
  const event = { pcr: 0, type: 4, data: Buffer.alloc(0), digest: Buffer.alloc(32) };
  const log = (count: number) => makeLog(Array.from({ length: count }, () => event));
  expect(parseEventLog(log(EVENTS))?.events).toHaveLength(EVENTS);
  expect(parseEventLog(log(EVENTS + 1))).toBeNull();
});

it.each([
  [2048, true],
  [1024, false],
])('takes an RSA key of %i bits: %s', (bits, taken) => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  const modulus = Buffer.from(publicKey.export({ format: 'jwk' }).n!, 'base64url');
  const head = [
    u16(1),
    u16(0x0b),
    u32(BOUND),
    sized(Buffer.alloc(0)),
    u16(0x10),
    u16(0x10),
    u16(bits),
    u32(0),
  ];
  expect(parsePublicArea(Buffer.concat([...head, sized(modulus)])) !== null).toBe(taken);
});

it(`takes ${SOFTWARE_COMPONENTS} components of a token and no more`, () => {
  const digest = Buffer.alloc(32);
  const claims = (count: number) => {
    const components = Array.from(
      { length: count },
      () =>
        new Map([
          [2, digest],
          [5, digest],
        ]),
    );
    return readPsaClaims(
      new Map<number, unknown>([
        [2394, 1],
        [2395, 0x3000],
        [2396, digest],
        [2399, components],
      ]) as never,
    );
  };
  expect(claims(SOFTWARE_COMPONENTS)).not.toHaveProperty('malformed');
  expect(claims(SOFTWARE_COMPONENTS + 1)).toHaveProperty('malformed');
});

it(`takes ${CHAIN_CERTIFICATES} certificates beside a leaf and no more`, async () => {
  const maker = await makeMaker();
  const leaf = certificate(await maker.issue({ spki: makeKey(BOUND).spki }));
  const pins = { roots: [maker.root], isRevoked: () => false };
  const beside = (count: number) => Array.from({ length: count }, () => leaf.der);
  expect(pathFault(leaf, beside(CHAIN_CERTIFICATES), pins, NOW)).toBeNull();
  expect(pathFault(leaf, beside(CHAIN_CERTIFICATES + 1), pins, NOW)).toMatch(/longer/);
  expect(pathFault(leaf, [Buffer.from('3000', 'hex')], pins, NOW)).toMatch(/no certificate/);
});
