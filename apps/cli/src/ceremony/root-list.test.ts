import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueLeaf, keySigner, signList, signRequest, toPem } from '@wardline/pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRoot, openRoot, signZone } from './root.ts';
import { type authorityWhys, LIST, makeRootList } from './root-list.ts';

const folder = mkdtempSync(join(tmpdir(), 'wardline-root-list-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const place = at('root');
const passphrase = 'four words on a card';
const lists = 'http://pki.hospital.example:7403';
const days = 400;
const now = Date.now() * 1000;
const moment = () => ({ at: Date.now() * 1000, random: randomBytes(16) });
const newSigner = () => keySigner(generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey);

/** An authority of a zone with a device and its list, as files for OpenSSL. @returns its serial number */
async function zoneWithDevice(zone: string): Promise<string> {
  const root = await openRoot(place, passphrase);
  const signer = newSigner();
  const order = { zone, domain: `${zone}.devices.hospital.example`, mailDomain: null, days: 1825, lists };
  const request = toPem('CERTIFICATE REQUEST', await signRequest(signer));
  const certificate = await signZone(place, root, request, order, moment());
  const scope = { ...order, organization: 'General Hospital' };
  const holder = { profile: 'device', id: 'pump-7', hosts: [], mail: null } as const;
  const leaf = { holder, key: newSigner().publicKey, places: null };
  const authority = { certificate, signer };
  writeFileSync(at(`${zone}.pem`), toPem('CERTIFICATE', certificate.der));
  writeFileSync(
    at(`${zone}-leaf.pem`),
    toPem('CERTIFICATE', await issueLeaf(authority, scope, leaf, moment())),
  );
  const own = { number: 1, thisUpdate: now - 60_000_000, nextUpdate: now + 86_400_000_000, revoked: [] };
  writeFileSync(at(`${zone}.crl`), toPem('X509 CRL', await signList(authority, own)));
  return certificate.serial;
}

/** What OpenSSL says of a device of a zone, when it checks every certificate of the chain. */
function verified(zone: string): string {
  const listed = ['-CRLfile', at(`${zone}.crl`), '-CRLfile', join(place, LIST)];
  const chain = ['-CAfile', join(place, 'root.pem'), '-untrusted', at(`${zone}.pem`), at(`${zone}-leaf.pem`)];
  const { stdout, stderr } = spawnSync('openssl', ['verify', '-crl_check_all', ...listed, ...chain]);
  return `${stdout.toString()}${stderr.toString()}`;
}

const list = async (
  revoke: readonly string[] = [],
  why: (typeof authorityWhys)[number] = 'authority-compromise',
) => makeRootList(place, await openRoot(place, passphrase), { revoke, why, days }, moment());

let icu: string;
let radiology: string;
beforeAll(async () => {
  const order = { organization: 'General Hospital', years: 20, key: { passphrase, workFactor: 10 } };
  await makeRoot(place, order, moment());
  [icu, radiology] = [await zoneWithDevice('icu'), await zoneWithDevice('radiology')];
});

describe('the root’s own list', () => {
  it('lets whoever checks whole chains take the devices of every zone', async () => {
    expect(verified('icu')).not.toContain('OK');
    expect((await list()).number).toBe(1);
    for (const zone of ['icu', 'radiology']) expect(verified(zone)).toContain('OK');
  });

  it('ends the devices of a zone that it revokes, and of no other', async () => {
    const made = await list([icu.toUpperCase()]);
    expect(made).toMatchObject({ number: 2, revoked: [{ serial: icu, reason: 'authority-compromise' }] });
    expect(verified('icu')).toContain('certificate revoked');
    expect(verified('radiology')).toContain('OK');
  });

  it('keeps what was revoked, with a higher number each time', async () => {
    const made = await list([radiology], 'superseded');
    expect(made.number).toBe(3);
    expect(made.revoked.map(({ serial }) => serial)).toEqual([icu, radiology]);
    expect((await list()).revoked).toHaveLength(2);
    expect(verified('radiology')).toContain('certificate revoked');
  });

  it('revokes nothing that this root never signed, and nothing twice', async () => {
    await expect(list(['abcdef'])).rejects.toThrow('signed no authority');
    await expect(list([icu])).rejects.toThrow('revoked already');
  });

  it('is not made where somebody took a line out of the record, or put another list into the folder', async () => {
    const record = join(place, 'record.jsonl');
    const lines = readFileSync(record, 'utf8');
    const without = lines
      .split('\n')
      .filter((line) => !(line.includes('"revoked"') && line.includes(icu)))
      .join('\n');
    writeFileSync(record, without);
    await expect(list()).rejects.toThrow('does not know of it');
    writeFileSync(record, lines);
    const kept = readFileSync(join(place, LIST), 'utf8');
    writeFileSync(join(place, LIST), readFileSync(at('icu.crl')));
    await expect(list()).rejects.toThrow('no list that this root signed');
    writeFileSync(join(place, LIST), kept);
    expect((await list()).number).toBe(5);
  });

  it('is named by the certificates of zones', () => {
    const said = spawnSync('openssl', [
      'x509',
      '-in',
      at('icu.pem'),
      '-noout',
      '-ext',
      'crlDistributionPoints',
    ]);
    expect(said.stdout.toString()).toMatch(
      /URI:http:\/\/pki\.hospital\.example:7403\/pki\/roots\/[0-9a-f]{64}\.crl/,
    );
  });
});
