import { describe, expect, it } from 'vitest';
import { allDamage, hex } from '../../testing/damage.ts';
import { bytes } from '../../testing/frames.ts';
import { runDatagram } from '../../testing/harness.ts';
import { dhcp } from './index.ts';

interface Fields {
  op: number;
  options: Uint8Array;
  ciaddr?: string;
  yiaddr?: string;
  giaddr?: string;
  sname?: Uint8Array;
  file?: Uint8Array;
}

const nobody = '00000000';

function padded(part: Uint8Array | undefined, length: number): Uint8Array {
  const field = new Uint8Array(length);
  field.set(part ?? []);
  return field;
}

function message(fields: Fields): Uint8Array {
  const { op, options, ciaddr = nobody, yiaddr = nobody, giaddr = nobody, sname, file } = fields;
  const addresses = hex(`${ciaddr}${yiaddr}${nobody}${giaddr}`);
  const hardware = padded(hex('020000000099'), 16);
  const fixed = bytes(op, 1, 6, 0, hex('01020304 0000 0000'), addresses, hardware);
  return bytes(fixed, padded(sname, 64), padded(file, 128), hex('63825363'), options, 255);
}

function option(code: number, ...value: (number | string | Uint8Array)[]): Uint8Array {
  const content = bytes(...value);
  return bytes(code, content.length, content);
}

const request = message({
  op: 1,
  options: bytes(
    option(53, 3),
    option(12, 'pump-17'),
    option(60, 'ACME:pump:2'),
    option(55, 3, 1, 15, 6),
    option(61, 1, hex('020000000099')),
    option(81, 4, 0, 0, 4, 'pump', 4, 'ward', 0),
    option(161, 'https://acme.example/pump.json?secret=1'),
    option(57, 5, 0xdc),
  ),
});

const ack = message({
  op: 2,
  yiaddr: '0a000011',
  options: bytes(
    option(53, 5),
    option(54, hex('0a000002')),
    option(51, hex('00000e10')),
    option(3, hex('0a000001')),
    option(6, hex('0a000002 0a000003')),
    option(15, 'ward.example'),
    option(1, hex('ffffff00')),
  ),
});

describe('dhcp', () => {
  it('states what the client says, about its hardware address and in its order', () => {
    const [sighting] = runDatagram(dhcp, [['client', request]]).sightings;
    expect(sighting?.subject).toEqual({ mac: '02:00:00:00:00:99', ip: null, vlan: null });
    expect(sighting?.facts).toEqual({
      hostname: 'pump-17',
      vendorClass: 'ACME:pump:2',
      parameterList: '3,1,15,6',
      clientId: '01:02:00:00:00:00:99',
      fqdn: 'pump.ward',
      mudUrl: 'https://acme.example/pump.json',
      maxMessageSize: 1500,
    });
  });

  it('states lease and server of an ACK', () => {
    const { sightings } = runDatagram(dhcp, [['server', ack]]);
    expect(sightings.map(({ kind, subject, facts }) => ({ kind, ip: subject.ip, facts }))).toEqual([
      { kind: 'dhcp.lease', ip: '10.0.0.17', facts: { server: '10.0.0.2', leaseSeconds: 3600 } },
      {
        kind: 'dhcp.server',
        ip: '10.0.0.2',
        facts: {
          routers: ['10.0.0.1'],
          dnsServers: ['10.0.0.2', '10.0.0.3'],
          domain: 'ward.example',
          subnetMask: '255.255.255.0',
        },
      },
    ]);
  });

  it('never takes the relay for the client, nor its VLAN for the client’s', () => {
    const relayed = message({
      op: 1,
      giaddr: '0a010001',
      options: bytes(option(53, 1), option(12, 'pump-17')),
    });
    const client = { mac: '02:00:00:00:00:01', ip: '10.1.0.1', vlan: 7 };
    const [sighting] = runDatagram(dhcp, [['client', relayed]], { around: { client } }).sightings;
    expect(sighting?.subject).toEqual({ mac: '02:00:00:00:00:99', ip: null, vlan: null });
  });

  it('never takes the VLAN of a router’s other side for that of a client that renews or releases through it', () => {
    const release = message({
      op: 1,
      ciaddr: '0a010032',
      options: bytes(option(53, 7), option(12, 'pump-17')),
    });
    const subjectBehind = (mac: string) => {
      const client = { mac, ip: '10.1.0.50', vlan: 7 };
      return runDatagram(dhcp, [['client', release]], { around: { client } }).sightings[0]?.subject;
    };
    expect(subjectBehind('02:00:00:00:00:01')?.vlan).toBe(null);
    expect(subjectBehind('02:00:00:00:00:99')?.vlan).toBe(7);
    expect(subjectBehind('ff:ff:ff:ff:ff:ff')?.vlan).toBe(7);
  });

  it('reads options in sname and file, and joins the parts of long ones', () => {
    const overloaded = message({
      op: 1,
      options: bytes(option(53, 1), option(52, 3), option(60, 'AC')),
      file: bytes(option(60, 'ME'), 255),
      sname: bytes(option(12, 'pump'), 255),
    });
    expect(runDatagram(dhcp, [['client', overloaded]]).sightings[0]?.facts).toEqual({
      vendorClass: 'ACME',
      hostname: 'pump',
    });
  });

  it('tells the server by content', () => {
    expect([dhcp.serverSide?.(request), dhcp.serverSide?.(ack)]).toEqual(['receiver', 'sender']);
  });

  it('does not take other datagrams', () => {
    for (const other of ['', 'GET / HTTP/1.1\r\n', '\x01\x01\x06\x00'.padEnd(300, '\0')]) {
      expect(runDatagram(dhcp, [['client', other]]).recognised).toBe('no');
    }
  });

  it('takes any damage', () => {
    for (const damaged of allDamage(request.subarray(230))) {
      runDatagram(dhcp, [['client', bytes(request.subarray(0, 230), damaged)]]);
    }
    for (const damaged of allDamage(ack.subarray(236))) {
      runDatagram(dhcp, [['server', bytes(ack.subarray(0, 236), damaged)]], { force: true });
    }
  });
});
