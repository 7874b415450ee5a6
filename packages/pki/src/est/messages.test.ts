import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { holderNames } from '../authority/profiles.ts';
import { oids } from '../der/oids.ts';
import { isSignedBy, publicKey } from '../keys/public-key.ts';
import { ATTRIBUTE_BYTES, EST_BODY_CHARACTERS } from '../limits.ts';
import { signRequest } from '../request/build.ts';
import { checkRenewal, checkRequest } from '../request/check.ts';
import { parseRequest } from '../request/request.ts';
import { holder, newRoot, newZone, scopeOf } from '../testing/hospital.ts';
import { newKey } from '../testing/keys.ts';
import { OpenSsl } from '../testing/openssl.ts';
import {
  certificatesOnly,
  estBody,
  estText,
  parseCertificatesOnly,
  parseRequestAttributes,
  requestAttributes,
} from './messages.ts';

const openssl = new OpenSsl();
afterAll(() => openssl.remove());
const scope = scopeOf('icu');
const root = await newRoot();
const zone = await newZone(root, scope);
const names = holderNames(holder, scope);

it('packs certificates so that OpenSSL and the own reader find all of them', () => {
  const packed = certificatesOnly([zone.certificate.der, root.certificate.der]);
  openssl.write('certs.p7', packed);
  const { said } = openssl.run('pkcs7', '-inform', 'DER', '-in', 'certs.p7', '-print_certs', '-noout');
  expect(said).toContain('Wardline General icu');
  expect(said).toContain('Wardline General root');
  const read = parseCertificatesOnly(packed);
  expect(read.ok && read.value.map(({ serial }) => serial).toSorted()).toEqual(
    [zone.certificate.serial, root.certificate.serial].toSorted(),
  );
  for (let length = 0; length < packed.length; length += 7)
    expect(parseCertificatesOnly(packed.subarray(0, length)).ok).toBe(false);
});

it('takes bodies with and without line breaks, and PEM; refuses what is none', () => {
  const der = Buffer.from(root.certificate.der);
  for (const text of [
    der.toString('base64'),
    estText(der),
    `-----BEGIN X-----\n${der.toString('base64')}\n-----END X-----\n`,
  ]) {
    const body = estBody(text);
    expect(body.ok && Buffer.compare(body.value, der)).toBe(0);
  }
  for (const text of ['', '  \n', 'not base64!', 'QQ', 'A==='])
    expect(estBody(text), text).toMatchObject({ ok: false, refused: { code: 'malformed' } });
  expect(estBody('A'.repeat(EST_BODY_CHARACTERS)).ok).toBe(true);
  expect(estBody('A'.repeat(EST_BODY_CHARACTERS + 1))).toMatchObject({ refused: { code: 'oversized' } });
});

it('says what a request should hold, with names where they are known', () => {
  openssl.write('attributes.der', requestAttributes(names));
  const { said } = openssl.run('asn1parse', '-inform', 'DER', '-in', 'attributes.der');
  for (const word of [
    'id-ecPublicKey',
    'prime256v1',
    'ecdsa-with-SHA256',
    'Extension Request',
    'Subject Alternative Name',
  ])
    expect(said).toContain(word);
  expect(requestAttributes(null).length).toBeLessThan(50);
});

it('reads the names that a request should hold, and refuses what is cut off', () => {
  const told = requestAttributes(names);
  expect(parseRequestAttributes(told)).toMatchObject({ value: { names: names.names } });
  expect(parseRequestAttributes(requestAttributes(null))).toMatchObject({ value: { names: [] } });
  for (let end = 0; end < told.length; end += 1)
    expect(parseRequestAttributes(told.subarray(0, end)).ok).toBe(false);
  expect(parseRequestAttributes(Buffer.alloc(ATTRIBUTE_BYTES + 1))).toMatchObject({
    refused: { code: 'oversized' },
  });
});

it('lets a request ask for no more than will be issued, and a renewal for exactly that', async () => {
  const { signer } = newKey();
  const read = async (wanted: Parameters<typeof signRequest>[1]) => {
    const outcome = parseRequest(await signRequest(signer, wanted));
    if (!outcome.ok) throw new Error(outcome.refused.message);
    return outcome.value;
  };
  const [bare, full] = [await read({}), await read(names)];
  expect([checkRequest(bare, names).ok, checkRequest(full, names).ok]).toEqual([true, true]);
  expect([checkRenewal(bare, names).ok, checkRenewal(full, names).ok]).toEqual([false, true]);
  const other = await read({
    ...names,
    names: [{ kind: 'dns', value: 'pump-8.icu.devices.hospital.example' }],
  });
  expect(checkRequest(other, names)).toMatchObject({
    refused: { code: 'names', message: expect.stringContaining('pump-8') },
  });
  expect(checkRenewal(other, names).ok).toBe(false);
});

const vectors = resolve(
  import.meta.dirname,
  '../../../../../shared/data/conformance/wycheproof/ecdsa_secp256r1_sha256_test.json',
);
const wycheproof = readIfThere(vectors);

it.skipIf(wycheproof === null)('agrees with every vector of Wycheproof on signatures', () => {
  let count = 0;
  for (const { publicKeyDer, tests } of wycheproof!.testGroups) {
    const key = publicKey(Buffer.from(publicKeyDer, 'hex'));
    for (const { msg, sig, result, tcId } of tests) {
      const isGood = isSignedBy(key, oids.ecdsaSha256, Buffer.from(msg, 'hex'), Buffer.from(sig, 'hex'));
      if (result !== 'acceptable') expect(isGood, String(tcId)).toBe(result === 'valid');
      count += 1;
    }
  }
  expect(count).toBeGreaterThan(300);
});

interface Vectors {
  testGroups: { publicKeyDer: string; tests: { tcId: number; msg: string; sig: string; result: string }[] }[];
}
function readIfThere(path: string): Vectors | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Vectors;
  } catch {
    return null;
  }
}
