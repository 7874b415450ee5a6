import { afterAll, describe, expect, it } from 'vitest';
import { issueResponder } from '../authority/issue.ts';
import { certificate } from '../certificate/certificate.ts';
import { sequence } from '../der/write.ts';
import { OCSP_CERTIFICATES, OCSP_REQUEST_BYTES } from '../limits.ts';
import { moment, newLeaf, newRoot, newZone, pem, scopeOf } from '../testing/hospital.ts';
import { DAY_MICROS, NOW, newKey } from '../testing/keys.ts';
import { OpenSsl } from '../testing/openssl.ts';
import { validatePath } from '../validate/path.ts';
import { refusedAnswer, type Standing, signAnswer } from './answer.ts';
import { isListOf, parseList, signList } from './list.ts';
import { encodeQuestion, issuerNames, parseQuestion } from './question.ts';

const openssl = new OpenSsl();
afterAll(() => openssl.remove());
const scope = scopeOf('icu');
const root = await newRoot();
const zone = await newZone(root, scope);
const [good, bad] = [await newLeaf(zone, scope), await newLeaf(zone, scope)];
openssl.write('root.pem', pem(root.certificate));
openssl.write('zone.pem', pem(zone.certificate));
openssl.write('good.pem', pem(good));
openssl.write('bad.pem', pem(bad));
const revoked = { serial: bad.serial, at: NOW, reason: 'key-compromise' } as const;
const order = { number: 300, thisUpdate: NOW, nextUpdate: NOW + DAY_MICROS, revoked: [revoked] };

describe('a list of what is revoked', () => {
  it('is taken by OpenSSL, which refuses what stands on it and takes the rest', async () => {
    openssl.write('zone.crl', await signList(zone, order));
    openssl.write('root.crl', await signList(root, { ...order, revoked: [] }));
    openssl.run('crl', '-inform', 'DER', '-in', 'zone.crl', '-out', 'zone.crl.pem');
    openssl.run('crl', '-inform', 'DER', '-in', 'root.crl', '-out', 'root.crl.pem');
    const { said } = openssl.run('crl', '-in', 'zone.crl.pem', '-noout', '-text', '-CAfile', 'zone.pem');
    expect(said).toMatch(/Key Compromise[\s\S]*verify OK/);
    const checked = (end: string) =>
      openssl.run(
        'verify',
        '-crl_check_all',
        '-attime',
        String(NOW / 1e6 + 60),
        '-CAfile',
        'root.pem',
        '-untrusted',
        'zone.pem',
        '-CRLfile',
        'zone.crl.pem',
        '-CRLfile',
        'root.crl.pem',
        end,
      );
    expect(checked('good.pem').said).toContain('good.pem: OK');
    expect(checked('bad.pem').said).toContain('certificate revoked');
  });

  it('holds every device of a large hospital at once', async () => {
    const all = Array.from({ length: 130_000 }, (_, number) => ({
      ...revoked,
      serial: (number + 1).toString(16),
    }));
    const read = parseList(await signList(zone, { ...order, revoked: all }));
    expect(read.ok && read.value.revoked.size).toBe(130_000);
    expect(read.ok && isListOf(read.value, zone.certificate)).toBe(true);
  });

  it('is read back, and known as its authority’s only', async () => {
    const der = await signList(zone, order);
    const read = parseList(der);
    if (!read.ok) throw new Error(read.refused.message);
    expect(read.value).toMatchObject({ number: 300, thisUpdate: NOW, nextUpdate: NOW + DAY_MICROS });
    expect([...read.value.revoked]).toEqual([[bad.serial, 'key-compromise']]);
    expect(isListOf(read.value, zone.certificate)).toBe(true);
    expect(isListOf(read.value, root.certificate)).toBe(false);
    for (let length = 0; length < der.length; length += 1)
      expect(parseList(der.subarray(0, length)).ok).toBe(false);
  });
});

describe('an answer whether a certificate holds', async () => {
  const { signer } = newKey();
  const certified = certificate(
    await issueResponder(zone, scope, { key: signer.publicKey, days: 30 }, moment()),
  );
  const responder = { certificate: certified, signer };
  const times = { thisUpdate: NOW, nextUpdate: NOW + DAY_MICROS };

  async function told(standing: Standing, one: 'good' | 'bad', ...more: string[]) {
    openssl.run('ocsp', '-issuer', 'zone.pem', '-cert', `${one}.pem`, '-reqout', 'q.der', ...more);
    const read = parseQuestion(openssl.read('q.der'));
    if (!read.ok) throw new Error(read.refused.message);
    const answers = read.value.certificates.map(({ der }) => ({ id: der, standing }));
    openssl.write('a.der', await signAnswer(responder, answers, times, read.value.nonce));
    const time = ['-attime', String(NOW / 1e6 + 60), '-validity_period', '3000000000'];
    const trust = ['-CAfile', 'root.pem', '-verify_other', 'zone.pem', '-resp_text'];
    return openssl.run('ocsp', '-reqin', 'q.der', '-respin', 'a.der', ...trust, ...time).said;
  }

  it('is verified by OpenSSL by way of the responder’s certificate', async () => {
    expect(
      validatePath({
        leaf: certified,
        between: [zone.certificate],
        roots: [root.certificate],
        at: NOW,
        purpose: 'responder',
      }).ok,
    ).toBe(true);
    expect(await told({ state: 'good' }, 'good')).toMatch(/Cert Status: good[\s\S]*Response verify OK/);
    expect(await told({ state: 'revoked', at: NOW, reason: 'key-compromise' }, 'bad', '-sha256')).toMatch(
      /Cert Status: revoked[\s\S]*keyCompromise[\s\S]*Response verify OK/,
    );
    expect(await told({ state: 'unknown' }, 'bad', '-no_nonce')).toMatch(
      /Cert Status: unknown[\s\S]*Response verify OK/,
    );
  });

  it('of refusal is understood', () => {
    openssl.write('r.der', refusedAnswer('unauthorised'));
    expect(openssl.run('ocsp', '-respin', 'r.der', '-text').said).toContain('unauthorized');
  });
});

describe('a question', () => {
  const asked = encodeQuestion(zone.certificate, good.serial);

  it('names issuer and serial number as OpenSSL does', () => {
    openssl.run('ocsp', '-issuer', 'zone.pem', '-cert', 'good.pem', '-no_nonce', '-reqout', 'n.der');
    expect(Buffer.compare(openssl.read('n.der'), asked)).toBe(0);
    expect(parseQuestion(asked)).toMatchObject({
      ok: true,
      value: {
        nonce: null,
        certificates: [{ serial: good.serial, ...issuerNames(zone.certificate, 'sha1') }],
      },
    });
  });

  it('that is cut off or has a byte changed ends in a value', () => {
    for (let at = 0; at < asked.length; at += 1) {
      expect(parseQuestion(asked.subarray(0, at))).toMatchObject({
        ok: false,
        refused: { code: 'malformed' },
      });
      const changed = Uint8Array.from(asked);
      changed[at]! ^= 0xff;
      expect(typeof parseQuestion(changed).ok).toBe('boolean');
    }
  });

  it('keeps its bounds', () => {
    const one = (der: Uint8Array) => der.subarray(6);
    const of = (count: number) =>
      sequence(sequence(sequence(...Array.from({ length: count }, () => one(asked)))));
    expect(parseQuestion(of(OCSP_CERTIFICATES)).ok).toBe(true);
    expect(parseQuestion(of(OCSP_CERTIFICATES + 1))).toMatchObject({ refused: { code: 'oversized' } });
    expect(parseQuestion(sequence(new Uint8Array(OCSP_REQUEST_BYTES)))).toMatchObject({
      refused: { code: 'oversized' },
    });
    expect(parseQuestion(of(0))).toMatchObject({ refused: { code: 'malformed' } });
  });
});
