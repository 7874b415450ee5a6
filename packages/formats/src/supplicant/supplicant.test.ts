import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { XmlDocument } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import { type SupplicantNetwork, supplicantFormats } from './network.ts';
import { writeSupplicant } from './write.ts';

const root = { der: Uint8Array.of(0x30, 3, 2, 1, 5), subject: 'O=General & Sons' };
const ward: SupplicantNetwork = {
  name: 'ward',
  medium: 'wifi',
  ssid: 'ward',
  isHidden: false,
  managementFrames: 'required',
  servers: ['radius.it.devices.hospital.example'],
  roots: [root],
  identity: 'anonymous@icu.devices.hospital.example',
  folder: '/etc/wardline',
};
const cable: SupplicantNetwork = { ...ward, medium: 'wired', ssid: null };
const text = (network: SupplicantNetwork, format: (typeof supplicantFormats)[number]) =>
  writeSupplicant(network, format).text;
const lines = (network: SupplicantNetwork, format: (typeof supplicantFormats)[number]) =>
  text(network, format)
    .split('\n')
    .map((line) => line.trim());

describe('a profile for a supplicant', () => {
  it('asks wpa_supplicant for WPA3 with protected management frames, and pins server and root', () => {
    const found = lines(ward, 'wpa-supplicant');
    for (const line of [
      'ssid=77617264',
      'key_mgmt=WPA-EAP-SHA256',
      'ieee80211w=2',
      'eap=TLS',
      'ca_cert="blob://roots"',
      'domain_match="radius.it.devices.hospital.example"',
      'mac_addr=0',
    ])
      expect(found).toContain(line);
    expect(lines({ ...ward, managementFrames: 'optional' }, 'wpa-supplicant')).toContain('ieee80211w=1');
    expect(lines(cable, 'wpa-supplicant')).toContain('key_mgmt=IEEE8021X');
  });

  it('says the same of the access point', () => {
    const found = lines(ward, 'hostapd');
    expect(found).toContain('wpa_key_mgmt=WPA-EAP-SHA256');
    expect(found).toContain('ieee80211w=2');
  });

  it('is well-formed for Windows, with thumbprints of the roots, and asks nobody whom to believe', () => {
    for (const network of [ward, cable]) {
      using document = XmlDocument.fromString(text(network, 'windows'));
      const all = (name: string) => document.find(`//*[local-name()="${name}"]`).map((node) => node.content);
      const thumbprint = createHash('sha1').update(root.der).digest('hex').replaceAll(/../g, '$& ').trim();
      expect(all('TrustedRootCA')).toEqual([thumbprint]);
      expect(all('IssuerHash')).toEqual([thumbprint]);
      expect(all('ServerNames')).toEqual(ward.servers);
      expect(all('PerformServerValidation')).toEqual(['true']);
      expect(all('AcceptServerName')).toEqual(['true']);
      expect(all('DisableUserPromptForServerValidation')).toEqual(['true']);
      expect(all('authentication')).toEqual(network.medium === 'wifi' ? ['WPA3ENT'] : []);
    }
  });

  it('keeps its names for Apple from one export to the next, and changes them with the network', () => {
    expect(text(ward, 'apple')).toBe(text(ward, 'apple'));
    const ids = (network: SupplicantNetwork) => text(network, 'apple').match(/[0-9A-F]{8}-[0-9A-F-]{27}/g);
    expect(ids({ ...ward, name: 'other' })).not.toEqual(ids(ward));
  });

  it('is refused where anybody would be believed, or where a value could end its place', () => {
    const refused = (change: Partial<SupplicantNetwork>) =>
      supplicantFormats.map((format) => () => writeSupplicant({ ...ward, ...change }, format));
    for (const change of [
      { roots: [] },
      { servers: [] },
      { servers: ['radius'] },
      { servers: ['*.hospital.example'] },
      { servers: ['a.example"\nca_cert="'] },
      { folder: '/etc/"\n' },
      { folder: 'etc' },
      { identity: 'a"\n@b' },
      { ssid: '' },
      { ssid: 'ä'.repeat(17) },
    ])
      for (const write of refused(change)) expect(write).toThrow(RangeError);
    expect(() => writeSupplicant({ ...ward, ssid: 'ä'.repeat(16) }, 'apple')).not.toThrow();
  });

  it('cannot be broken out of by what people call a network', () => {
    const named = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(named, named, (name, ssid) => {
        const network = { ...ward, name, ssid };
        for (const format of ['windows', 'apple'] as const)
          XmlDocument.fromString(text(network, format)).dispose();
        for (const format of ['wpa-supplicant', 'hostapd'] as const) {
          const own = lines(network, format).filter((line) => !line.startsWith('#'));
          const plain = lines({ ...ward, ssid }, format).filter((line) => !line.startsWith('#'));
          expect(own).toEqual(plain);
        }
      }),
    );
  });

  it('holds nothing that has to be kept', () => {
    for (const format of supplicantFormats)
      for (const network of [ward, cable])
        expect(text(network, format)).not.toMatch(/PRIVATE KEY|password|passwd|UserPassword/i);
  });
});

describe.skipIf(!existsSync('/usr/bin/python3'))('a profile for Apple, as plistlib reads it', () => {
  const script =
    'import json,plistlib,sys; print(json.dumps(plistlib.loads(sys.stdin.buffer.read()), default=lambda b: b.hex()))';
  const read = (network: SupplicantNetwork) =>
    JSON.parse(
      execFileSync('/usr/bin/python3', ['-c', script], { input: text(network, 'apple'), encoding: 'utf8' }),
    ) as { PayloadContent: Record<string, unknown>[] };

  it('brings the root and a network that believes it under one name', () => {
    const [anchor, network] = read({ ...ward, ssid: 'ward <3> & co' }).PayloadContent;
    expect(anchor).toMatchObject({
      PayloadType: 'com.apple.security.root',
      PayloadContent: Buffer.from(root.der).toString('hex'),
      PayloadDisplayName: root.subject,
    });
    expect(network).toMatchObject({
      PayloadType: 'com.apple.wifi.managed',
      SSID_STR: 'ward <3> & co',
      EncryptionType: 'WPA3',
      DisableAssociationMACRandomization: true,
      EAPClientConfiguration: {
        AcceptEAPTypes: [13],
        PayloadCertificateAnchorUUID: [anchor!.PayloadUUID],
        TLSTrustedServerNames: ward.servers,
        TLSAllowTrustExceptions: false,
      },
    });
    expect(read(cable).PayloadContent[1]).toMatchObject({
      PayloadType: 'com.apple.firstactiveethernet.managed',
    });
  });
});
