import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { sequence } from '../der/write.ts';
import { DER_DEPTH, REQUEST_BYTES, SUBJECT_NAMES } from '../limits.ts';
import { nameOf, printName } from '../names/distinguished.ts';
import { printGeneralName } from '../names/general.ts';
import { fromPem } from '../pem.ts';
import { newKey } from '../testing/keys.ts';
import { OpenSsl } from '../testing/openssl.ts';
import { signRequest } from './build.ts';
import { parseRequest } from './request.ts';

const openssl = new OpenSsl();
afterAll(() => openssl.remove());

const device = nameOf([{ type: '2.5.4.3', value: 'pump-7' }]);
const { signer } = newKey();
const made = await signRequest(signer, {
  subject: device,
  names: [{ kind: 'dns', value: 'pump-7.icu.example' }],
});

it('reads a request of OpenSSL with subject, names and challenge', () => {
  const conf = openssl.write(
    'req.cnf',
    '[req]\nprompt=no\ndistinguished_name=dn\nattributes=at\nreq_extensions=ex\n[dn]\nO=Hospital\nCN=pump-7\n[at]\nchallengePassword=once-1234\n[ex]\nsubjectAltName=DNS:pump-7.icu.example,URI:spiffe://icu.example/device/7\n',
  );
  const args = [
    'req',
    '-new',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    'k.pem',
  ];
  const { out } = openssl.run(...args, '-config', conf, '-outform', 'DER');
  const read = parseRequest(out);
  expect(read.ok && printName(read.value.subject)).toBe('O=Hospital, CN=pump-7');
  expect(read.ok && read.value.names.map(printGeneralName)).toEqual([
    'dns:pump-7.icu.example',
    'uri:spiffe://icu.example/device/7',
  ]);
  expect(read).toMatchObject({ ok: true, value: { challengePassword: 'once-1234' } });
});

it('makes requests that OpenSSL verifies', () => {
  openssl.write('made.der', made);
  const { code, said } = openssl.run(
    'req',
    '-inform',
    'DER',
    '-in',
    'made.der',
    '-verify',
    '-noout',
    '-text',
  );
  expect(code).toBe(0);
  expect(said).toMatch(/verify OK/);
  expect(said).toContain('DNS:pump-7.icu.example');
});

it('refuses one that its own key did not sign', () => {
  const changed = Buffer.from(made);
  const at = changed.indexOf('pump-7');
  changed.write('pump-8', at);
  expect(parseRequest(changed)).toMatchObject({ ok: false, refused: { code: 'signature' } });
});

it('ends in a located refusal at every offset where it is cut off', () => {
  for (let length = 0; length < made.length; length += 1) {
    const read = parseRequest(made.subarray(0, length));
    expect(read, String(length)).toMatchObject({ ok: false, refused: { code: 'malformed' } });
    expect(read.ok || read.refused.offset).not.toBeNull();
  }
});

it('takes no changed byte, and no bytes of chance', () => {
  for (let at = 0; at < made.length; at += 1) {
    const changed = Uint8Array.from(made);
    changed[at]! ^= 0x41;
    expect(parseRequest(changed).ok, String(at)).toBe(false);
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => !parseRequest(sequence(bytes)).ok),
    { numRuns: 300 },
  );
});

it('keeps its bounds of size, depth and names', async () => {
  const names = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ kind: 'dns' as const, value: `d${i}.icu.example` }));
  expect(parseRequest(await signRequest(signer, { names: names(SUBJECT_NAMES) })).ok).toBe(true);
  const many = await signRequest(signer, { names: names(SUBJECT_NAMES + 1) });
  expect(parseRequest(many)).toMatchObject({ ok: false, refused: { code: 'oversized' } });
  const padded = (size: number) => sequence(new Uint8Array(size));
  expect(parseRequest(padded(REQUEST_BYTES))).toMatchObject({ refused: { code: 'oversized' } });
  let nested = sequence();
  for (let depth = 1; depth < DER_DEPTH; depth += 1) nested = sequence(nested);
  expect(parseRequest(nested)).toMatchObject({ refused: { code: 'malformed' } });
  expect(parseRequest(sequence(nested))).toMatchObject({ refused: { code: 'oversized' } });
});

it('refuses weak keys by name', () => {
  for (const [kind, ...option] of [
    ['rsa', '-pkeyopt', 'rsa_keygen_bits:1024'],
    ['ec', '-pkeyopt', 'ec_paramgen_curve:secp256k1'],
  ] as const) {
    const args = ['req', '-new', '-newkey', kind, ...option, '-nodes', '-keyout', 'w.pem', '-subj', '/CN=x'];
    const { out } = openssl.run(...args, '-outform', 'DER');
    expect(parseRequest(out), kind).toMatchObject({ ok: false, refused: { code: 'weak' } });
  }
});

it('reads PEM of one label only', () => {
  openssl.write('again.der', made);
  const { said } = openssl.run('req', '-inform', 'DER', '-in', 'again.der');
  expect(fromPem(said, 'CERTIFICATE REQUEST').map((der) => Buffer.compare(der, made))).toEqual([0]);
  expect(fromPem(said, 'CERTIFICATE')).toEqual([]);
});
