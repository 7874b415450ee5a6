import { loadKnowledge } from '@wardline/knowledge';
import { type Asset, assetSchema, type Conversation, type Sighting } from '@wardline/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { identify } from '../identify.ts';
import { at, conversation, sighting } from '../testing/observe.ts';

const knowledge = loadKnowledge();
const host = at('01', '10.0.0.1');
const peer = (n: number) => at(`1${n}`, `10.0.1.${n}`);

function assetAt(sightings: Sighting[], conversations: Conversation[] = [], mac = host.mac): Asset {
  const { assets } = identify({ sightings, conversations, decisions: [] }, knowledge);
  return assets.find((asset) => asset.macs.includes(mac ?? ''))!;
}

const STORAGE_CT = '1.2.840.10008.5.1.4.1.1.2';
const STUDY_FIND = '1.2.840.10008.5.1.4.1.2.2.1';
const WORKLIST = '1.2.840.10008.5.1.4.31';

function association(
  role: 'requestor' | 'acceptor',
  abstractSyntaxes: string[],
  result: 'accepted' | 'requested' = 'accepted',
) {
  const facts = { role, aeTitle: 'THIS', peerAeTitle: 'THAT', result, abstractSyntaxes, userIdentity: false };
  return sighting('dicom.association', host, facts, { peer: peer(1) });
}

function equipment(model: string, serial: string, sentByCreator = true, modality = 'CT') {
  const facts = {
    manufacturer: 'GE MEDICAL SYSTEMS',
    model,
    serial,
    softwareVersions: '9.1',
    modality,
    sentByCreator,
  };
  return sighting('dicom.equipment', host, facts);
}

test('gives an asset that its schema takes', () => {
  const asset = assetAt([equipment('Revolution CT', 'A100200'), association('requestor', [STORAGE_CT])]);
  expect(() => assetSchema.parse(asset)).not.toThrow();
});

test('names a modality by the images that it makes', () => {
  const asset = assetAt([equipment('Revolution CT', 'A100200')]);
  expect(asset).toMatchObject({
    vendor: { value: 'GE HealthCare' },
    model: { value: 'Revolution CT' },
    serial: { value: 'A100200' },
    software: { value: '9.1' },
    class: { value: 'ct' },
    criticality: { value: 'high' },
    dataSensitivity: { value: 'phi' },
  });
});

test('does not take an archive that passes images on for the scanner', () => {
  const asset = assetAt([
    equipment('Revolution CT', 'A100200', false),
    equipment('SIGNA', 'M4000', false, 'MR'),
  ]);
  expect(asset.class.value).toBe('pacs');
  expect(asset.model.value).toBeNull();
  expect(asset.serial.value).toBeNull();
});

test('takes no identity from images of several machines, even where each looks like the sender', () => {
  const asset = assetAt([equipment('Revolution CT', 'A100200'), equipment('SIGNA', 'M4000', true, 'MR')]);
  expect(asset.serial.value).toBeNull();
  expect(asset.class.value).toBe('pacs');
});

test('names an archive by taking in images and answering queries', () => {
  expect(assetAt([association('acceptor', [STORAGE_CT, STUDY_FIND])]).class.value).toBe('pacs');
  expect(assetAt([association('acceptor', [STORAGE_CT, STUDY_FIND], 'requested')]).class.value).not.toBe(
    'pacs',
  );
});

test('names a workstation by asking for studies and taking them in', () => {
  const asset = assetAt([association('requestor', [STUDY_FIND]), association('acceptor', [STORAGE_CT])]);
  expect(asset.class.value).toBe('imaging-workstation');
});

test('tells the worklist server from the modality that asks it', () => {
  expect(assetAt([association('acceptor', [WORKLIST])]).class.value).toBe('worklist-server');
  expect(assetAt([association('requestor', [WORKLIST])]).class.value).toBe('imaging-modality');
});

function hl7(role: 'sender' | 'receiver', messageTypes: string[], n = 1, application = 'APP') {
  return sighting('hl7.endpoint', host, { role, application, messageTypes }, { peer: peer(n) });
}

test('names an interface engine by its many senders of several kinds', () => {
  const asset = assetAt([
    hl7('receiver', ['ADT^A01'], 1),
    hl7('receiver', ['ORU^R01'], 2),
    hl7('receiver', ['ORM^O01'], 3),
  ]);
  expect(asset.class.value).toBe('interface-engine');
});

test('names a gateway by taking in nothing but observations', () => {
  const asset = assetAt([1, 2, 3].map((n) => hl7('receiver', ['ORU^R01'], n)));
  expect(asset.class.value).toBe('telemetry-gateway');
});

test('names registration by its ADT messages, and makes nothing of acknowledgements', () => {
  expect(assetAt([hl7('sender', ['ADT^A01']), hl7('receiver', ['ACK'])]).class.value).toBe('ehr');
  expect(assetAt([hl7('receiver', ['ACK^R01'])]).class.value).toBeNull();
});

function device(serial: string) {
  return sighting('hl7.device', host, { field: 'PRT-10', manufacturer: 'Philips', model: 'MX800', serial });
}

test('takes a device named in HL7 for the sender only where it always is the same', () => {
  expect(assetAt([device('DE100001')])).toMatchObject({
    serial: { value: 'DE100001', confidence: 0.65 },
    class: { value: 'patient-monitor' },
  });
  const gateway = assetAt([device('DE100001'), device('DE100002')]);
  expect(gateway).toMatchObject({ serial: { value: null }, class: { value: 'telemetry-gateway' } });
});

test('names a router by the addresses whose packets it passed on', () => {
  const through = ['10.9.0.1', '10.9.0.2', '10.9.0.3'].map((ip) =>
    sighting('address.seen', at('01', ip), { ttl: 63 }),
  );
  const asset = assetAt([
    ...through,
    sighting('dhcp.server', host, {}),
    sighting('arp.binding', host, { operation: 'reply' }),
  ]);
  expect(asset.class).toMatchObject({ value: 'router', confidence: 0.9, conflicts: [] });
  expect(asset.ips).toEqual(['10.0.0.1']);
});

test('takes names and vendor classes from DHCPv6 as from DHCP', () => {
  const asset = assetAt([
    sighting('dhcpv6.client', host, { fqdn: 'pump-icu-07.ward.example', vendorClass: 'Infusion Pump X' }),
  ]);
  expect(asset).toMatchObject({ class: { value: 'infusion-pump' }, hostnames: ['pump-icu-07.ward.example'] });
  expect(assetAt([sighting('dhcpv6.prefix', host, { prefix: '2001:db8::/56' })]).class.value).toBe('router');
});

test('takes who offers itself as an IPv6 router for one, and not who withdraws', () => {
  const offer = (lifetimeSeconds: number) =>
    assetAt([
      sighting('ndp.router', host, {
        lifetimeSeconds,
        managed: false,
        otherConfiguration: false,
        preference: 'medium',
      }),
    ]);
  expect(offer(1800).class.value).toBe('router');
  expect(offer(0).class.value).toBe(null);
});

test('names a switch by what it announces by CDP', () => {
  const announced = sighting('cdp.neighbour', host, {
    deviceId: 'switch-3.ward.example(FOC1010X0AB)',
    platform: 'cisco WS-C3560-24TS',
    softwareVersion:
      'Cisco IOS Software, C3560 Software (C3560-ADVIPSERVICESK9-M), Version 12.2(44)SE, RELEASE SOFTWARE (fc1)',
    capabilities: ['router', 'switch', 'igmp'],
  });
  expect(assetAt([announced])).toMatchObject({
    vendor: { value: 'Cisco' },
    model: { value: 'WS-C3560-24TS' },
    software: { value: '12.2(44)SE' },
    class: { value: 'switch' },
    hostnames: ['switch-3.ward.example'],
  });
});

test('places a device where RADIUS says that it is, and takes nobody for present who is only named', () => {
  const named = { ...host, ip: null };
  const told = sighting('radius.station', named, { nas: 'sw-3', port: 'Gi1/0/13', proof: 'eap' });
  expect(assetAt([told])).toBeUndefined();
  const seen = sighting('arp.binding', host, { operation: 'request' });
  expect(assetAt([told, seen]).location.value).toBe('port Gi1/0/13 of sw-3');
});

test('takes the maker from an SNMP engine, and a name from logs that are all of one host', () => {
  const engine = { engineId: '800000090300', enterprise: 9, security: 'encrypted' } as const;
  const logs = (hostname: string) =>
    sighting('syslog.sender', host, { format: 'rfc5424', facility: 1, hostname });
  const asset = assetAt([sighting('snmp.engine', host, engine), logs('sw-3')]);
  expect(asset).toMatchObject({ vendor: { value: 'Cisco' }, hostnames: ['sw-3'] });
  expect(assetAt([logs('sw-3'), logs('sw-4')]).hostnames).toEqual([]);
});

test('calls a public address behind a router a host outside', () => {
  const { assets } = identify(
    {
      sightings: [sighting('address.seen', at('01', '8.8.8.8'), { ttl: 57 })],
      conversations: [],
      decisions: [],
    },
    knowledge,
  );
  expect(assets.find((asset) => asset.id === 'ip-8.8.8.8')?.class.value).toBe('external-host');
});

test('says that patient data was seen, whatever the class usually does', () => {
  const asset = assetAt([
    sighting('phi.cleartext', host, { protocol: 'hl7', field: 'PID-5' }),
    sighting('lldp.neighbour', host, { capabilities: ['bridge'] }),
  ]);
  expect(asset.class.value).toBe('switch');
  expect(asset.dataSensitivity).toMatchObject({ value: 'phi', confidence: 0.9 });
  expect(asset.dataSensitivity.reason).toBe('It sent patient data in clear (PID-5 over HL7 v2 (MLLP)).');
});

test('lists a service only where the server side answered', () => {
  const refused = { opened: 1, established: 0, refused: 1, unanswered: 0, closed: 0, reset: 0 };
  const asset = assetAt(
    [sighting('http.server', host, { server: 'nginx' }, { port: 80 })],
    [
      conversation(peer(1), host, 80, { application: 'http', protection: 'clear' }),
      conversation(peer(2), host, 80, { application: 'http', protection: 'clear' }),
      conversation(peer(1), host, 23, { connections: refused, packetsFromServer: 1 }),
    ],
  );
  expect(asset.services).toEqual([
    expect.objectContaining({
      port: 80,
      application: 'http',
      protection: 'clear',
      banner: 'nginx',
      clients: 2,
    }),
  ]);
});

test('names a device for people, never by a hash', () => {
  expect(assetAt([sighting('dhcp.client', host, { hostname: 'icu-bed-7' })]).name).toBe('icu-bed-7');
  expect(assetAt([association('requestor', [WORKLIST])]).name).toBe('Imaging modality THIS');
  expect(assetAt([sighting('address.seen', host, {})]).name).toBe('Philips 10.0.0.1');
});

test('gives a locally administered address no vendor', () => {
  const asset = assetAt(
    [sighting('address.seen', at('02:09:fb:00:00:01', '10.0.0.1'), {})],
    [],
    '02:09:fb:00:00:01',
  );
  expect(asset.vendor.value).toBeNull();
});

const parts = fc.constantFrom<Sighting>(
  equipment('Revolution CT', 'A100200'),
  equipment('SIGNA', 'M4000', false, 'MR'),
  association('acceptor', [STORAGE_CT, STUDY_FIND]),
  hl7('sender', ['ADT^A01']),
  hl7('receiver', ['ORU^R01'], 2),
  device('DE100001'),
  sighting('dhcp.client', host, { hostname: 'pump-7', vendorClass: 'Infusion Pump X' }),
  sighting('ssh.software', host, { role: 'server', banner: 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3' }),
  sighting('snmp.system', host, {
    version: '2c',
    sysDescr: 'Linux a 5.10 #1',
    sysObjectId: '1.3.6.1.4.1.8072.3.2.10',
  }),
);

test('gives the same asset in whatever order the sightings come', () => {
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 9 }), (list) => {
      const one = identify({ sightings: list, conversations: [], decisions: [] }, knowledge).assets;
      const other = identify(
        { sightings: [...list].reverse(), conversations: [], decisions: [] },
        knowledge,
      ).assets;
      expect(other).toEqual(one);
    }),
    { seed: 20261123, numRuns: 100 },
  );
});

test('keeps the rule behind a claim in its source, and out of its reason', () => {
  const asset = assetAt([sighting('dhcp.client', host, { hostname: 'infusionpump-icu2-02' })]);
  expect(asset.claims).toContainEqual(
    expect.objectContaining({
      value: 'infusion-pump',
      source: 'dhcp.client/hostname (names-dhcp.name.pump)',
      reason: 'Its DHCP host name “infusionpump-icu2-02” hints at an infusion pump.',
    }),
  );
});

test('does not repeat the maker in the model or the name', () => {
  const facts = { version: '2c', entityManufacturer: 'HP', entityModel: 'HP LaserPrint 400' } as const;
  const asset = assetAt([sighting('snmp.system', host, { ...facts, sysName: 'prn-recep-1' })]);
  expect(asset).toMatchObject({ vendor: { value: 'HP' }, model: { value: 'LaserPrint 400' } });
  expect(asset.name).toBe('LaserPrint 400 prn-recep-1');
});

test('takes two spellings of a model for one', () => {
  const asset = assetAt([
    sighting('lldp.neighbour', host, { medModel: 'VVX 400' }),
    sighting('snmp.system', host, { version: '2c', entityModel: 'VVX400' }),
  ]);
  expect(asset.model.conflicts).toEqual([]);
});

test('knows an access point by its beacons, a switch by what it mirrors, a device by what it says for Wi-Fi setup', () => {
  const network = {
    ssid: 'Ward 3',
    security: 'wpa2',
    authentication: ['psk'],
    ciphers: ['ccmp'],
    managementFrames: 'optional' as const,
  };
  expect(assetAt([sighting('wifi.network', host, network)]).class.value).toBe('access-point');
  const mirror = { tunnel: 'erspan-2', identifier: 7 };
  expect(assetAt([sighting('network.tunnel', host, mirror)]).class.value).toBe('switch');
  expect(assetAt([sighting('network.tunnel', host, { tunnel: 'gre' })]).class.value).not.toBe('switch');
  const printer = {
    manufacturer: 'Brother',
    model: 'HL-L2350DW',
    category: 'printer',
    serial: 'E78096M0N123456',
  };
  expect(assetAt([sighting('wifi.device', host, printer)])).toMatchObject({
    class: { value: 'printer' },
    model: { value: 'HL-L2350DW' },
  });
});

test('knows what cares for people by what it advertises over Bluetooth', () => {
  const advert = (...services: string[]) =>
    assetAt([sighting('ble.advert', host, { address: 'public', services })]).class.value;
  expect([advert('glucose', '180a'), advert('insulin-delivery'), advert('pulse-oximeter')]).toEqual([
    'glucometer',
    'infusion-pump',
    'vital-signs',
  ]);
});
