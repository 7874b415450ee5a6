import { randomBytes } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { serialFrom, signCertificate } from '../certificate/build.ts';
import { type Certificate, certificate } from '../certificate/certificate.ts';
import { purposes, subjectNames } from '../certificate/extensions.ts';
import { oids } from '../der/oids.ts';
import { keyDigestOf } from '../keys/public-key.ts';
import { nameOf } from '../names/distinguished.ts';
import type { GeneralName } from '../names/general.ts';
import { holder, moment, newRoot, newZone, pem, scopeOf } from '../testing/hospital.ts';
import { DAY_MICROS, NOW, newKey } from '../testing/keys.ts';
import { OpenSsl } from '../testing/openssl.ts';
import { validatePath } from '../validate/path.ts';
import { type Authority, issueLeaf, issueZone, renewalAt } from './issue.ts';
import { validateInZone, type ZoneScope, zoneSubject } from './zone.ts';

const openssl = new OpenSsl();
afterAll(() => openssl.remove());
const [icu, radiology] = [scopeOf('icu'), scopeOf('radiology')];

const root = await newRoot();
const [ofIcu, ofRadiology] = [await newZone(root, icu), await newZone(root, radiology)];
const device = newKey().signer.publicKey;

const leaf = async (authority: Authority, scope: ZoneScope, at = NOW) =>
  certificate(await issueLeaf(authority, scope, { holder, key: device, places: null }, moment(at)));

/** What an authority whose key was stolen would sign: whatever it is asked. */
const forged = async (
  by: Authority,
  subject: { der: Uint8Array },
  names: GeneralName[],
  at = NOW,
): Promise<Certificate> =>
  certificate(
    await signCertificate(
      {
        serial: serialFrom(randomBytes(16)),
        issuer: by.certificate.subject.der,
        subject: subject.der,
        notBefore: at - 1_000_000,
        notAfter: at + DAY_MICROS,
        spki: device.spki,
        extensions: [purposes(oids.clientAuth), ...(names.length === 0 ? [] : [subjectNames(names)])],
      },
      by.signer,
    ),
  );

function opensslTakes(one: Certificate, between: Certificate): { isTaken: boolean; said: string } {
  const [ca, mid, end] = [
    openssl.write('root.pem', pem(root.certificate)),
    openssl.write('mid.pem', pem(between)),
    openssl.write('end.pem', pem(one)),
  ];
  const { code, said } = openssl.run(
    'verify',
    '-purpose',
    'sslclient',
    '-x509_strict',
    '-attime',
    String(NOW / 1e6),
    '-CAfile',
    ca,
    '-untrusted',
    mid,
    end,
  );
  return { isTaken: code === 0, said };
}
const question = (one: Certificate, between: Certificate) => ({
  leaf: one,
  between: [between],
  roots: [root.certificate],
  at: NOW,
  purpose: 'client' as const,
});

it('issues what OpenSSL and the own check both take, in its zone', async () => {
  const one = await leaf(ofIcu, icu);
  const { isTaken, said } = opensslTakes(one, ofIcu.certificate);
  expect(said).toContain('OK');
  expect(isTaken).toBe(true);
  const zones = new Map([[digestOf(ofIcu), icu]]);
  expect(validateInZone(question(one, ofIcu.certificate), zones)).toMatchObject({
    ok: true,
    value: { scope: icu },
  });
  expect(renewalAt(one) - one.notBefore).toBe(Math.floor(((one.notAfter - one.notBefore) * 2) / 3));
});

const digestOf = ({ certificate: { publicKey } }: Authority) => keyDigestOf(publicKey.spki);

const mine = zoneSubject(icu, { type: oids.commonName, value: 'x' });
const dns = (value: string): GeneralName => ({ kind: 'dns', value });
const uri = (value: string): GeneralName => ({ kind: 'uri', value });

it.each<[string, { der: Uint8Array }, GeneralName[]]>([
  ['a host of another zone', mine, [dns('ct-1.radiology.devices.hospital.example')]],
  ['a host whose name only ends alike', mine, [dns('evilicu.devices.hospital.example')]],
  ['an address of another zone', mine, [uri('spiffe://radiology.devices.hospital.example/device/ct-1')]],
  ['an address without a host', mine, [uri('urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6')]],
  ['a mailbox', mine, [{ kind: 'email', value: 'chief@hospital.example' }]],
  ['an IPv4 address', mine, [{ kind: 'ip', value: Uint8Array.of(10, 0, 0, 1) }]],
  ['an IPv6 address', mine, [{ kind: 'ip', value: new Uint8Array(16).fill(7) }]],
  [
    'a Windows account',
    mine,
    [{ kind: 'other', type: oids.userPrincipalName, value: Buffer.from('\x0c\x03a@b') }],
  ],
  ['a registered object', mine, [{ kind: 'registered', value: '1.3.6' }]],
  ['a subject of another zone', zoneSubject(radiology, { type: oids.commonName, value: 'ct-1' }), []],
  ['a subject of no zone', nameOf([{ type: oids.commonName, value: 'ct-1' }]), []],
  [
    'a mailbox within its subject',
    nameOf([...mine.parts.flat(), { type: oids.emailAddress, value: 'a@hospital.example' }]),
    [],
  ],
])('a stolen key of a zone cannot vouch for %s', async (_, subject, names) => {
  const one = await forged(ofIcu, subject, names);
  expect(opensslTakes(one, ofIcu.certificate).isTaken).toBe(false);
  expect(validatePath(question(one, ofIcu.certificate))).toMatchObject({
    ok: false,
    refused: { code: 'constraint' },
  });
});

it('a zone cannot make authorities, nor pass as another one', async () => {
  const below = newKey().signer;
  const order = { key: below.publicKey, scope: icu, days: 30, list: null };
  const second = certificate(await issueZone(ofIcu, order, moment()));
  const one = await leaf({ certificate: second, signer: below }, icu);
  const all = { ...question(one, second), between: [second, ofIcu.certificate] };
  expect(validatePath(all)).toMatchObject({ ok: false, refused: { code: 'constraint' } });
  const foreign = await leaf(ofRadiology, radiology);
  const zones = new Map([[digestOf(ofIcu), icu]]);
  expect(validateInZone(question(foreign, ofRadiology.certificate), zones)).toMatchObject({
    ok: false,
    refused: { code: 'untrusted' },
  });
  // Whatever the certificate of the authority allows, the zone of its key decides.
  const mistaken = new Map([[digestOf(ofRadiology), icu]]);
  expect(validateInZone(question(foreign, ofRadiology.certificate), mistaken)).toMatchObject({
    refused: { code: 'constraint' },
  });
});

it('refuses what ended, what has not begun, what is for something else, and what nobody signed', async () => {
  const one = await leaf(ofIcu, icu);
  const asked = question(one, ofIcu.certificate);
  const refused = (change: object) => {
    const outcome = validatePath({ ...asked, ...change });
    return outcome.ok || outcome.refused.code;
  };
  expect(refused({})).toBe(true);
  expect(refused({ at: one.notAfter })).toBe(true);
  expect(refused({ at: one.notAfter + 1 })).toBe('expired');
  expect(refused({ at: one.notBefore - 1 })).toBe('expired');
  expect(refused({ purpose: 'server' })).toBe('constraint');
  expect(refused({ between: [] })).toBe('untrusted');
  expect(refused({ roots: [(await newRoot()).certificate] })).toBe('untrusted');
  expect(refused({ leaf: ofIcu.certificate })).toBe('constraint');
});

it('lets nothing outlive whoever signed it', async () => {
  const last = ofIcu.certificate.notAfter;
  expect((await leaf(ofIcu, icu, last - DAY_MICROS)).notAfter).toBe(last);
  await expect(leaf(ofIcu, icu, last)).rejects.toMatchObject({ code: 'expired' });
});

it('issues no certificate that names somebody outside of the zone', async () => {
  const order = (change: object) =>
    issueLeaf(ofIcu, icu, { holder: { ...holder, ...change }, key: device, places: null }, moment());
  await expect(order({ id: 'Pump 7' })).rejects.toMatchObject({ code: 'names' });
  await expect(
    order({ profile: 'server', hosts: ['pacs.radiology.devices.hospital.example'] }),
  ).rejects.toMatchObject({ code: 'constraint' });
  await expect(order({ profile: 'person', mail: 'nurse@hospital.example' })).rejects.toMatchObject({
    code: 'constraint',
  });
});
