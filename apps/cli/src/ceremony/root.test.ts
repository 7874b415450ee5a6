import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkZoneAuthority, keySigner, signRequest, toPem } from '@wardline/pki';
import { afterAll, describe, expect, it } from 'vitest';
import { makeRoot, nowMoment, openRoot, signZone } from './root.ts';

const folder = mkdtempSync(join(tmpdir(), 'wardline-ceremony-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const place = join(folder, 'root');
const passphrase = 'four words on a card';
const order = { organization: 'General Hospital', years: 20, key: { passphrase, workFactor: 10 } };
const zone = {
  zone: 'icu',
  domain: 'icu.devices.hospital.example',
  mailDomain: null,
  days: 1825,
  lists: null,
};

async function request(): Promise<string> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return toPem('CERTIFICATE REQUEST', await signRequest(keySigner(privateKey)));
}

describe('the root in a folder', () => {
  it('is made once, its key encrypted and readable by its owner alone', async () => {
    const made = await makeRoot(place, order, nowMoment());
    await expect(makeRoot(place, order, nowMoment())).rejects.toThrow('never overwritten');
    expect(statSync(join(place, 'root.key.age')).mode & 0o077).toBe(0);
    expect(readFileSync(join(place, 'root.key.age'), 'latin1')).toMatch(
      /^age-encryption\.org\/v1\n-> scrypt /,
    );
    const said = execFileSync('openssl', ['x509', '-in', join(place, 'root.pem'), '-noout', '-text'], {
      encoding: 'utf8',
    });
    expect(said).toMatch(/CA:TRUE, pathlen:1[\s\S]*Certificate Sign, CRL Sign/);
    expect(made.notAfter).toBeGreaterThan(Date.now() * 1000);
  });

  it('signs an authority that is bound to its zone, and keeps a record', async () => {
    const root = await openRoot(place, passphrase);
    const signed = await signZone(place, root, await request(), zone, nowMoment());
    const scope = { organization: 'General Hospital', ...zone };
    const fit = { root: root.certificate, scope, at: Date.now() * 1000 };
    expect(checkZoneAuthority(signed, fit).ok).toBe(true);
    expect(checkZoneAuthority(signed, { ...fit, scope: { ...scope, domain: 'hospital.example' } }).ok).toBe(
      false,
    );
    const lines = readFileSync(join(place, 'record.jsonl'), 'utf8').trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { what: string }).what)).toEqual(['root', 'zone']);
  });

  it('does not open by another passphrase, nor by none', async () => {
    await expect(openRoot(place, 'five words on a card')).rejects.toThrow('cannot be opened');
    await expect(openRoot(place, null)).rejects.toThrow('--passphrase-file');
    const short = { ...order, key: { passphrase: 'short' } };
    await expect(makeRoot(join(folder, 'weak'), short, nowMoment())).rejects.toThrow('16 characters');
    expect(existsSync(join(folder, 'weak'))).toBe(false);
  });
});

const softHsm = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so',
].find(existsSync);
const hasTool = spawnSync('pkcs11-tool', ['--version']).error === undefined;

describe.skipIf(softHsm === undefined || !hasTool)('the root in a security module', () => {
  it('signs without its key ever leaving it', async () => {
    const tokens = join(folder, 'tokens');
    mkdirSync(tokens);
    writeFileSync(
      join(folder, 'softhsm.conf'),
      `directories.tokendir = ${tokens}\nobjectstore.backend = file\n`,
    );
    writeFileSync(join(folder, 'pin'), '1234\n');
    process.env.SOFTHSM2_CONF = join(folder, 'softhsm.conf');
    execFileSync('softhsm2-util', [
      '--init-token',
      '--free',
      '--label',
      'root',
      '--so-pin',
      '1234',
      '--pin',
      '1234',
    ]);
    const make = [
      '--login',
      '--pin',
      '1234',
      '--keypairgen',
      '--key-type',
      'EC:secp384r1',
      '--id',
      '01',
      '--label',
      'root',
    ];
    execFileSync('pkcs11-tool', ['--module', softHsm!, '--token-label', 'root', ...make], {
      stdio: 'ignore',
    });
    const module = `pkcs11:token=root;id=%01?module-path=${softHsm}&pin-source=file:${join(folder, 'pin')}`;
    const inModule = join(folder, 'module');
    await makeRoot(inModule, { ...order, key: { module } }, nowMoment());
    const signed = await signZone(
      inModule,
      await openRoot(inModule, null),
      await request(),
      zone,
      nowMoment(),
    );
    writeFileSync(join(folder, 'zone.pem'), toPem('CERTIFICATE', signed.der));
    const verified = execFileSync(
      'openssl',
      ['verify', '-CAfile', join(inModule, 'root.pem'), join(folder, 'zone.pem')],
      { encoding: 'utf8' },
    );
    expect(verified).toContain('OK');
  });
});
