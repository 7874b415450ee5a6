import { type Facts, findingSchema, type Protection } from '@wardline/model';
import { beforeEach, expect, it } from 'vitest';
import { EVIDENCE_PER_FINDING } from '../limits.ts';
import { Hospital, knowledge, T0 } from '../testing/hospital.ts';

let hospital: Hospital;
beforeEach(() => {
  hospital = new Hospital();
});

const password = { protocol: 'telnet', field: 'password', userHash: 'a', secretHash: 'b' } as const;

it('reports a password in clear once per client and service, with both names', () => {
  const pump = hospital.add('Pump 7', 'infusion-pump');
  const laptop = hospital.add('Laptop', 'workstation');
  for (let i = 0; i < 3; i++)
    hospital.sight(pump, 'credential.cleartext', { ...password, outcome: 'unknown' }, laptop, 23);
  const [finding, ...more] = hospital.found('cleartext-credential');
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    asset: 'Pump 7',
    peer: 'Laptop',
    severity: 'critical',
    count: 3,
    service: { port: 23 },
  });
  expect(finding?.summary).toBe(
    'Laptop sent Pump 7 a password over Telnet, in clear, 3 times. Whoever listened can do the same, and a misused pump can change or stop what a patient is being given.',
  );
  expect(finding?.evidence).toHaveLength(3);
});

it('tells an accepted default password from one that was refused', () => {
  const [camera, modality, laptop] = [
    hospital.add('Cam', 'camera'),
    hospital.add('CT 1', 'ct'),
    hospital.add('L', 'workstation'),
  ];
  hospital.sight(
    modality,
    'credential.cleartext',
    { ...password, knownDefault: 'X default', outcome: 'accepted' },
    laptop,
  );
  hospital.sight(
    camera,
    'credential.cleartext',
    { ...password, knownDefault: 'X default', outcome: 'refused' },
    laptop,
  );
  expect(hospital.found('default-credential-accepted')).toMatchObject([
    { asset: 'CT 1', severity: 'critical' },
  ]);
  expect(hospital.found('default-credential')).toMatchObject([{ asset: 'Cam', severity: 'medium' }]);
  expect(hospital.found('default-credential')[0]?.summary).toContain('It was refused');
});

it('reports a service that asked nobody who he was', () => {
  const pacs = hospital.add('PACS', 'pacs');
  const clients = ['US 1', 'CT 1'].map((name) => hospital.add(name, 'ct'));
  for (const client of clients)
    hospital.sight(pacs, 'service.unauthenticated', { protocol: 'dicom', operation: 'C-STORE' }, client, 104);
  expect(hospital.found('unauthenticated-service')).toMatchObject([
    {
      asset: 'PACS',
      peer: null,
      severity: 'high',
      count: 2,
      summary: expect.stringContaining('served CT 1 and US 1 over DICOM without a login: C-STORE.'),
    },
  ]);
});

it('reports patient data in clear by field name, once per receiver', () => {
  const [scanner, pacs] = [hospital.add('US 1', 'ultrasound'), hospital.add('PACS', 'pacs')];
  for (const field of ['PatientName', 'PatientID'])
    hospital.sight(scanner, 'phi.cleartext', { protocol: 'dicom', field }, pacs);
  expect(hospital.found('cleartext-phi')).toMatchObject([
    {
      asset: 'US 1',
      peer: 'PACS',
      summary: expect.stringContaining('(PatientID and PatientName) in clear to PACS over DICOM: 2 values'),
    },
  ]);
});

it('weighs firmware in clear by the more critical side', () => {
  const [server, pump] = [hospital.add('Updates', 'web-server'), hospital.add('Pump 7', 'infusion-pump')];
  hospital.sight(server, 'firmware.cleartext', { protocol: 'tftp', image: 'elf' }, pump);
  expect(hospital.found('firmware-cleartext')).toMatchObject([
    { asset: 'Updates', peer: 'Pump 7', severity: 'critical' },
  ]);
});

it('reports a clinical protocol without encryption at its server, and none that is encrypted', () => {
  const [sender, engine] = [hospital.add('LIS', 'lis'), hospital.add('Engine', 'interface-engine')];
  hospital.talk(sender, engine, 'hl7');
  hospital.talk(sender, engine, 'hl7', { serverPort: 1001, protection: 'tls1.3' });
  expect(hospital.found('cleartext-clinical-protocol')).toMatchObject([
    { asset: 'Engine', service: { port: 1000 } },
  ]);
});

it.each(['astm', 'carescape', 'intellivue', 'poct1a', 'sdc'])(
  'reports %s as a clinical protocol, with its open service and its patient data',
  (protocol) => {
    const [device, manager] = [hospital.add('Device', 'lab-analyser'), hospital.add('Manager', 'lis')];
    hospital.talk(device, manager, protocol);
    hospital.sight(manager, 'service.unauthenticated', { protocol, operation: 'results' }, device);
    hospital.sight(device, 'phi.cleartext', { protocol, field: 'x' }, manager);
    expect(hospital.judge().map((finding) => `${finding.rule} ${finding.asset} ${finding.severity}`)).toEqual(
      expect.arrayContaining([
        'cleartext-clinical-protocol Manager medium',
        'unauthenticated-service Manager high',
        expect.stringContaining('cleartext-phi Device'),
      ]),
    );
  },
);

it.each([
  ['ssl3', 'high'],
  ['tls1.0', 'medium'],
  ['tls1.1', 'medium'],
] as [Protection, string][])('reports %s as outdated', (protection, severity) => {
  const [client, server] = [hospital.add('C', 'workstation'), hospital.add('S', 'pacs')];
  hospital.talk(client, server, 'tls', { protection });
  expect(hospital.found('obsolete-tls')).toMatchObject([{ asset: 'S', severity }]);
});

it('lets TLS 1.2 and 1.3 pass', () => {
  const [client, server] = [hospital.add('C', 'workstation'), hospital.add('S', 'pacs')];
  hospital.talk(client, server, 'tls', { protection: 'tls1.2' });
  hospital.talk(client, server, 'tls', { protection: 'tls1.3' });
  expect(hospital.found('obsolete-tls')).toEqual([]);
});

it('reports a client that offers nothing newer than TLS 1.0', () => {
  const pump = hospital.add('Pump', 'infusion-pump');
  hospital.sight(pump, 'tls.client', { version: 'tls1.0', ja3: 'x', ja4: 'y' });
  expect(hospital.found('obsolete-tls')[0]?.summary).toContain('offers nothing newer than TLS 1.0');
});

const certificate: Facts['tls.certificate'] = {
  role: 'server',
  subject: 'CN=pacs',
  issuer: 'CN=ca',
  serial: '01',
  sans: [],
  sha256: 'aa',
  selfSigned: false,
  notBefore: '2025-01-01T00:00:00Z',
  notAfter: '2027-01-01T00:00:00Z',
  keyType: 'RSA',
  keyBits: 2048,
  signatureAlgorithm: 'sha256WithRSAEncryption',
};

it.each([
  ['weak-certificate', { keyBits: 1024 }],
  ['weak-certificate', { signatureAlgorithm: 'sha1WithRSAEncryption' }],
  ['weak-certificate', { keyType: 'EC', keyBits: 192 }],
  ['expired-certificate', { notAfter: '2026-02-28T23:59:59Z' }],
  ['expired-certificate', { notBefore: '2026-03-02T00:00:00Z' }],
  ['expiring-certificate', { notAfter: '2026-03-20T00:00:00Z' }],
  ['self-signed-certificate', { selfSigned: true }],
])('reports %s for %j', (rule, flaw) => {
  hospital.sight(hospital.add('PACS', 'pacs'), 'tls.certificate', { ...certificate, ...flaw });
  expect(hospital.judge().map((finding) => finding.rule)).toEqual([rule]);
});

it('finds nothing wrong with a sound certificate', () => {
  hospital.sight(hospital.add('PACS', 'pacs'), 'tls.certificate', certificate);
  hospital.sight(hospital.add('P2', 'pacs'), 'tls.certificate', {
    ...certificate,
    keyType: 'EC',
    keyBits: 256,
  });
  expect(hospital.judge()).toEqual([]);
});

it('reports Telnet and FTP that answer, and SMB 1', () => {
  const [client, server] = [hospital.add('C', 'workstation'), hospital.add('S', 'server')];
  hospital.talk(client, server, 'telnet', { serverPort: 23 });
  hospital.talk(client, server, 'ftp', { serverPort: 21 });
  hospital.talk(client, server, 'ftp', { serverPort: 2121, packetsFromServer: 0 });
  hospital.sight(server, 'smb.host', { role: 'server', dialect: 'NT LM 0.12' }, client, 445);
  hospital.sight(client, 'smb.host', { role: 'client', dialect: '3.1.1' }, server, 445);
  expect(hospital.judge().map((finding) => `${finding.rule} ${finding.asset}`)).toEqual([
    'obsolete-smb S',
    'telnet-service S',
    'ftp-service S',
  ]);
});

it('reports wireless networks that anybody near can read, and leaves sound ones alone', () => {
  const at = (name: string, security: string, managementFrames: 'unprotected' | 'optional' = 'optional') => {
    const keys = { authentication: [], ciphers: [], managementFrames };
    hospital.sight(hospital.add(name, 'access-point'), 'wifi.network', { ssid: name, security, ...keys });
  };
  for (const security of ['open', 'wep', 'wpa', 'wpa/wpa2', 'wpa2/wpa3', 'wpa3', 'owe'])
    at(`AP-${security}`, security);
  at('AP-loose', 'wpa2', 'unprotected');
  expect(hospital.judge().map(({ rule, asset }) => `${rule} ${asset}`)).toEqual([
    'weak-wifi AP-wep',
    'weak-wifi AP-wpa',
    'weak-wifi AP-wpa/wpa2',
    'open-wifi AP-open',
    'unprotected-wifi-management AP-loose',
  ]);
});

it('reports SNMP 1 and 2c once per asset, worse with a published community, and leaves SNMPv3 alone', () => {
  const [ups, sw, manager] = [
    hospital.add('UPS', 'ups-pdu'),
    hospital.add('SW', 'switch'),
    hospital.add('NMS', 'server'),
  ];
  hospital.sight(ups, 'snmp.system', { version: '2c', sysName: 'ups' }, manager, 161);
  hospital.sight(
    ups,
    'credential.cleartext',
    { protocol: 'snmp', field: 'community', knownDefault: 'SNMP default', outcome: 'accepted' },
    manager,
    161,
  );
  hospital.sight(sw, 'snmp.system', { version: '3' }, manager, 161);
  expect(hospital.judge()).toMatchObject([
    { rule: 'snmp-community', asset: 'UPS', severity: 'high', count: 2 },
  ]);
});

it.each([
  ['Windows XP Professional', 'Windows XP'],
  ['Windows 7 Professional 7601 Service Pack 1', 'Windows 7'],
  ['Windows Server 2008 R2 Standard', 'Windows Server 2008'],
  ['Windows 8.1 Pro', 'Windows 8.1'],
  ['Debian GNU/Linux 9', 'Debian 9'],
  ['Ubuntu 16.04', 'Ubuntu 16.04'],
])('knows that %s is out of support', (os, name) => {
  hospital.add('WS', 'central-station', { os });
  const [finding] = hospital.found('end-of-life-os');
  expect(finding).toMatchObject({
    severity: 'critical',
    summary: expect.stringContaining(`runs ${name}, which`),
  });
});

it.each(['Windows 11', 'Windows Server 2022', 'Linux', 'Debian 13', 'Windows 10 IoT'])(
  'does not doubt %s',
  (os) => {
    hospital.add('WS', 'workstation', { os });
    expect(hospital.judge()).toEqual([]);
  },
);

it('judges support as of when the asset was seen', () => {
  hospital.add('WS', 'workstation', { os: 'Windows 7' }).lastSeen = Date.UTC(2019, 0, 1) * 1000;
  expect(hospital.judge()).toEqual([]);
});

it('shows evidence that contradicts itself', () => {
  const asset = hospital.add('Thing', 'pacs');
  asset.class.conflicts.push({ value: 'workstation', confidence: 0.4, reason: 'test' });
  expect(hospital.found('conflicting-identity')[0]?.summary).toContain(
    'class PACS or image archive, or Workstation',
  );
  asset.class.conflicts[0]!.confidence = 0.1;
  expect(hospital.found('conflicting-identity')).toEqual([]);
});

it('reports an unidentified device that talks to a life-critical one or speaks a clinical protocol, and no other', () => {
  const [ghost, box, other, vent, pacs] = [
    hospital.add('Ghost', null),
    hospital.add('Box', 'unknown'),
    hospital.add('Other', null),
    hospital.add('Vent', 'ventilator'),
    hospital.add('PACS', 'pacs'),
  ];
  hospital.talk(ghost, vent, null);
  hospital.talk(box, pacs, 'dicom');
  hospital.talk(other, pacs, 'http');
  expect(hospital.found('unidentified-device').map(({ asset, severity }) => [asset, severity])).toEqual([
    ['Ghost', 'high'],
    ['Box', 'medium'],
  ]);
});

it('reports what has no part in care and talks with a life-critical device, but not its network services', () => {
  const [vent, tv, dns, central] = [
    hospital.add('Vent', 'ventilator'),
    hospital.add('TV', 'media-device'),
    hospital.add('DNS', 'dhcp-dns-server'),
    hospital.add('Central', 'central-station'),
  ];
  hospital.talk(tv, vent, 'http');
  hospital.talk(vent, dns, 'dns');
  hospital.talk(vent, central, null);
  hospital.talk(vent, tv, 'mdns');
  expect(hospital.found('life-critical-reachable')).toMatchObject([
    { asset: 'Vent', peer: 'TV', severity: 'high', count: 1 },
  ]);
  expect(hospital.found('unexpected-peer-group')).toEqual([]);
});

it('reports a scanner that talks with an office computer, and one that talks with the internet', () => {
  const [ct, office, cloud] = [
    hospital.add('CT', 'ct'),
    hospital.add('Office', 'workstation'),
    hospital.add('8.8.4.4', 'external-host'),
  ];
  hospital.talk(office, ct, 'smb');
  hospital.talk(ct, cloud, 'tls', { protection: 'tls1.3' });
  hospital.talk(cloud, ct, null, { packetsFromServer: 0 });
  expect(hospital.judge().map((finding) => `${finding.rule} ${finding.peer}`)).toEqual([
    'internet-exposure 8.8.4.4',
    'unexpected-peer-group Office',
  ]);
});

it('reports a VLAN that life-critical and office devices share, once per device of care', () => {
  hospital.add('Pump 1', 'infusion-pump', { vlan: 20 });
  hospital.add('Pump 2', 'infusion-pump', { vlan: 20 });
  hospital.add('Printer', 'printer', { vlan: 20 });
  hospital.add('Vent', 'ventilator', { vlan: 30 });
  hospital.add('TV', 'media-device', { vlan: 40 });
  expect(hospital.found('flat-network').map(({ asset, severity }) => [asset, severity])).toEqual([
    ['Pump 1', 'high'],
    ['Pump 2', 'high'],
  ]);
  expect(hospital.found('flat-network')[0]).toMatchObject({ count: 1, evidence: { length: 2 } });
  expect(hospital.found('flat-network')[0]?.summary).toContain('Pump 1 shares VLAN 20 with Printer');
});

it('takes a private network of 256 addresses for the domain where frames carry no VLAN', () => {
  hospital.add('Pump 1', 'infusion-pump', { ip: '10.7.7.1' });
  hospital.add('Printer', 'printer', { ip: '10.7.7.2' });
  hospital.add('Far', 'printer', { ip: '10.7.8.2' });
  expect(hospital.found('flat-network')).toMatchObject([
    { asset: 'Pump 1', summary: expect.stringContaining('10.7.7.0/24 with Printer.') },
  ]);
});

it('gives findings that follow the schema, and the same ones whatever the order of the facts', () => {
  const [pump, laptop] = [
    hospital.add('Pump', 'infusion-pump', { vlan: 5 }),
    hospital.add('Laptop', 'workstation', { vlan: 5 }),
  ];
  for (let i = 0; i < EVIDENCE_PER_FINDING + 2; i++) {
    hospital.sight(
      pump,
      'credential.cleartext',
      { ...password, outcome: 'unknown', secretHash: `${i}` },
      laptop,
      23,
    );
    hospital.talk(laptop, pump, 'telnet', { slice: T0 + i });
  }
  const findings = hospital.judge();
  hospital.sightings.reverse();
  hospital.conversations.reverse();
  expect(hospital.judge()).toEqual(findings);
  for (const finding of findings) expect(findingSchema.parse(finding)).toEqual(finding);
  expect(new Set(findings.map((finding) => finding.id)).size).toBe(findings.length);
});

it('has a text in the knowledge for every rule that the code names', async () => {
  const { globSync, readFileSync } = await import('node:fs');
  const files = globSync(`${import.meta.dirname}/../**/*.ts`).filter((file) => !file.endsWith('.test.ts'));
  const named = files.flatMap((file) => [
    ...readFileSync(file, 'utf8').matchAll(/rule: '([a-z-]+)'|'((?:telnet|ftp)-service)'/g),
  ]);
  const ids = named.map((match) => match[1] ?? match[2] ?? '');
  expect(ids.length).toBeGreaterThan(15);
  expect(ids.filter((id) => !knowledge.findingRules.has(id))).toEqual([]);
});

it('names the clients of a service where the fact names nobody', () => {
  const [pacs, scanner] = [hospital.add('PACS', 'pacs'), hospital.add('US 1', 'ultrasound')];
  hospital.sight(
    pacs,
    'service.unauthenticated',
    { protocol: 'dicom', operation: 'C-STORE' },
    undefined,
    104,
  );
  hospital.talk(scanner, pacs, 'dicom', { serverPort: 104 });
  expect(hospital.found('unauthenticated-service')).toMatchObject([
    { peer: 'US 1', summary: expect.stringContaining('served US 1 over DICOM without') },
  ]);
});

it('judges a host outside the hospital only by what is given away to it or comes from it', () => {
  const [cloud, office] = [hospital.add('cloud', 'external-host'), hospital.add('Office', 'workstation')];
  hospital.sight(cloud, 'tls.certificate', { ...certificate, selfSigned: true, keyBits: 512 });
  hospital.talk(office, cloud, 'ftp', { serverPort: 21 });
  hospital.sight(
    cloud,
    'credential.cleartext',
    { ...password, protocol: 'ftp', outcome: 'accepted' },
    office,
    21,
  );
  expect(hospital.judge().map((finding) => finding.rule)).toEqual(['cleartext-credential']);
});
