import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allDamage, hex } from '../../testing/damage.ts';
import { bytes, u16 } from '../../testing/frames.ts';
import { runDatagram } from '../../testing/harness.ts';
import { dhcpv6 } from './index.ts';
import { MAX_RELAYS } from './limits.ts';

function option(code: number, ...value: (number | string | Uint8Array)[]): Uint8Array {
  const content = bytes(...value);
  return bytes(u16(code), u16(content.length), content);
}

const id = 'fe80::1';
const linkLocal = hex('fe80 0000 0000 0000 0000 00ff fe00 0099');
const duid = hex('0003 0001 020000000099');
const leased = hex('2001 0db8 0000 0000 0000 0000 0000 0017');
const onLink = {
  client: { mac: '02:00:00:00:00:99', ip: id, vlan: 7 },
  server: { mac: '02:00:00:00:00:02', ip: 'fe80::2', vlan: 7 },
};

const solicit = bytes(
  hex('01 0a0b0c'),
  option(1, duid),
  option(6, u16(23), u16(24), u16(39)),
  option(39, 1, 7, 'pump-17', 4, 'ward', 0),
  option(16, hex('00000137'), u16(8), 'MSFT 5.0'),
  option(112, 'https://acme.example/pump.json?secret=1'),
);
const address = option(5, leased, hex('00000708 00000e10'));
const reply = bytes(
  hex('07 0a0b0c'),
  option(1, duid),
  option(2, hex('0003 0001 020000000002')),
  option(3, hex('00000001 00000000 00000000'), address),
  option(25, hex('00000001 00000000 00000000'), option(26, hex('00000708 00000e10 38'), leased)),
  option(23, hex('2001 0db8 0000 0000 0000 0000 0000 0053')),
  option(24, 4, 'ward', 7, 'example', 0),
);

function relayed(type: number, inner: Uint8Array, ...more: Uint8Array[]): Uint8Array {
  return bytes(type, 0, new Uint8Array(16), linkLocal, ...more, option(9, inner));
}

describe('dhcpv6', () => {
  it('states what the client says, in its order', () => {
    const run = runDatagram(dhcpv6, [['client', solicit]], { around: onLink });
    expect(run.sightings.map(({ subject, facts }) => [subject, facts])).toEqual([
      [
        onLink.client,
        {
          duid: '00:03:00:01:02:00:00:00:00:99',
          duidMac: '02:00:00:00:00:99',
          fqdn: 'pump-17.ward',
          vendorClass: 'MSFT 5.0',
          vendorEnterprise: 311,
          optionRequest: '23,24,39',
          mudUrl: 'https://acme.example/pump.json',
        },
      ],
    ]);
    expect(run.protection).toBe('clear');
  });

  it('states server, lease and delegated prefix of a reply', () => {
    const { sightings } = runDatagram(dhcpv6, [['server', reply]], { around: onLink });
    const server = '00:03:00:01:02:00:00:00:00:02';
    expect(sightings.map(({ kind, subject, facts }) => ({ kind, subject, facts }))).toEqual([
      {
        kind: 'dhcpv6.server',
        subject: onLink.server,
        facts: {
          duid: server,
          duidMac: '02:00:00:00:00:02',
          dnsServers: ['2001:db8::53'],
          domains: ['ward.example'],
        },
      },
      {
        kind: 'dhcpv6.lease',
        subject: { ...onLink.client, ip: '2001:db8::17' },
        facts: { server, leaseSeconds: 3600 },
      },
      {
        kind: 'dhcpv6.prefix',
        subject: onLink.client,
        facts: { server, leaseSeconds: 3600, prefix: '2001:db8::17/56' },
      },
    ]);
  });

  it('gives an address to no network card where the reply went through a router', () => {
    const client = { mac: '02:00:00:00:00:01', ip: '2001:db8::17', vlan: null };
    const { sightings } = runDatagram(dhcpv6, [['server', reply]], { around: { ...onLink, client } });
    expect(sightings.map(({ subject }) => subject.mac)).toEqual(['02:00:00:00:00:02', null]);
  });

  it('finds the client behind a relay by its address, or by what the relay says (RFC 6939)', () => {
    const subjectOf = (payload: Uint8Array) =>
      runDatagram(dhcpv6, [['client', payload]]).sightings[0]?.subject;
    const twice = relayed(12, relayed(12, solicit));
    expect(subjectOf(twice)).toEqual({ mac: '02:00:00:00:00:99', ip: 'fe80::ff:fe00:99', vlan: null });
    const told = relayed(12, solicit, option(79, u16(1), hex('020000000055')));
    expect(subjectOf(told)?.mac).toBe('02:00:00:00:00:55');
  });

  it('unwraps as many relays as the standard lets there be, and no more', () => {
    const wrapped = (count: number) => {
      let payload: Uint8Array = solicit;
      for (let i = 0; i < count; i++) payload = relayed(12, payload);
      return runDatagram(dhcpv6, [['client', payload]]);
    };
    expect(wrapped(MAX_RELAYS).sightings).toHaveLength(1);
    expect(wrapped(MAX_RELAYS + 1)).toMatchObject({ sightings: [], malformed: { 'dhcpv6-relay': 1 } });
  });

  it('tells the server by content', () => {
    expect(
      [solicit, reply, relayed(12, solicit), relayed(13, reply)].map((m) => dhcpv6.serverSide?.(m)),
    ).toEqual(['receiver', 'sender', 'receiver', 'sender']);
  });

  it('does not take other datagrams', () => {
    for (const other of ['', 'GET / HTTP/1.1\r\n', '\x01\x01\x06\x00'.padEnd(300, '\0'), '\x05'.repeat(40)]) {
      expect(runDatagram(dhcpv6, [['client', other]]).recognised).toBe('no');
    }
    const noise = fc.property(fc.uint8Array({ minLength: 8, maxLength: 300 }), (payload) => {
      expect(runDatagram(dhcpv6, [['client', payload]]).recognised).toBe('no');
    });
    fc.assert(noise, { numRuns: 2000, seed: 20_261 });
  });

  it('takes any damage', () => {
    for (const message of [solicit, reply, relayed(12, solicit)]) {
      for (const damaged of allDamage(message)) {
        runDatagram(dhcpv6, [['client', damaged]], { force: true });
        runDatagram(dhcpv6, [['server', damaged]], { around: onLink });
      }
    }
  });
});
