import { describe, expect, it, test } from 'vitest';
import {
  endpoint,
  fact,
  knock,
  MINUTE,
  NOON,
  namesOf,
  play,
  range,
  type Scenario,
  talk,
} from '../testing/scenes.ts';

const ten = { opened: 0, established: 0, refused: 0, unanswered: 0, closed: 0, reset: 0 };
const guess = (n: number, outcome: 'refused' | 'accepted', secretHash: string) =>
  fact('credential.cleartext', 2, { protocol: 'ftp', field: 'PASS', outcome, secretHash }, n, {
    peer: endpoint(1),
  });
const mark = (n: number) => [`mark-${n}`];
const tunnel = (n: number) =>
  fact('dns.query', 1, { zone: 'evil.example', type: 'TXT' }, n, { marks: mark(n) });
const reply = (mac: number, ip: number, second: number) =>
  fact('arp.binding', { ...endpoint(ip), mac: endpoint(mac).mac }, { operation: 'reply' }, second);
const smb = (operation: 'read' | 'write' | 'rename', second: number, count: number) =>
  fact('smb.use', 2, { operation }, second, { peer: endpoint(1), count });

/** Each needs nothing learnt: what must be found, and what looks like it and must not. */
const alone: readonly [name: string, expected: string[], scenario: Scenario][] = [
  [
    'ports of a host',
    ['vertical-scan'],
    { conversations: range(40).map((n) => knock(1, 2, n, { serverPort: n })) },
  ],
  ['fifteen ports of a host', [], { conversations: range(15).map((n) => knock(1, 2, n, { serverPort: n })) }],
  [
    'a service of many hosts',
    ['horizontal-scan'],
    { conversations: range(30).map((n) => knock(1, n + 2, n)) },
  ],
  [
    'one port in forty minutes',
    ['vertical-scan'],
    { conversations: range(60).map((n) => knock(1, 2, n * 1200, { serverPort: n })) },
  ],
  [
    'a lone segment to each port',
    ['vertical-scan'],
    { conversations: range(40).map((n) => knock(1, 2, n, { serverPort: n, connections: ten })) },
  ],
  [
    'a station that monitors many, some of them off',
    [],
    {
      conversations: range(60).map((n) =>
        n % 4 === 0
          ? knock(1, n + 2, n)
          : talk(1, n + 2, n, { application: 'snmp', transport: 'udp', serverPort: 161 }),
      ),
    },
  ],
  [
    'a client that tries one dead server again and again',
    [],
    { conversations: range(100).map((n) => knock(1, 2, n)) },
  ],
  [
    'a sweep by ARP',
    ['address-sweep'],
    {
      sightings: range(8).map((n) =>
        fact('arp.search', 1, { range: `10.0.0.${n * 16}/28` }, n, { count: 16 }),
      ),
    },
  ],
  [
    'a host that asks for its neighbours',
    [],
    {
      sightings: range(8).map((n) =>
        fact('arp.search', 1, { range: `10.0.0.${n * 16}/28` }, n, { count: 2 }),
      ),
    },
  ],
  ['passwords tried', ['brute-force'], { sightings: range(8).map((n) => guess(n, 'refused', `s${n}`)) }],
  [
    'one old password tried again and again',
    [],
    { sightings: range(40).map((n) => guess(n, 'refused', 'old')) },
  ],
  [
    'refused Windows sign-ins',
    ['brute-force'],
    {
      sightings: range(12).map((n) =>
        fact('login.outcome', 2, { protocol: 'smb', outcome: 'refused' }, n, { peer: endpoint(1) }),
      ),
    },
  ],
  [
    'short SSH sessions in a row',
    ['brute-force'],
    {
      conversations: range(25).map((n) =>
        talk(1, 2, n * 3, {
          application: 'ssh',
          serverPort: 22,
          bytesFromClient: 3000,
          bytesFromServer: 3000,
        }),
      ),
    },
  ],
  [
    'an SSH check every minute',
    [],
    {
      conversations: range(60).map((n) =>
        talk(1, 2, n * 60, {
          application: 'ssh',
          serverPort: 22,
          bytesFromClient: 3000,
          bytesFromServer: 3000,
        }),
      ),
    },
  ],
  [
    'five that refuse one',
    ['password-spraying'],
    {
      sightings: range(6).map((n) =>
        fact('login.outcome', n + 2, { protocol: 'smb', outcome: 'refused' }, n, { peer: endpoint(1) }),
      ),
    },
  ],
  [
    'half-open connections',
    ['flood'],
    {
      conversations: range(20).map((n) =>
        knock(1, 2, n, { connections: { ...ten, opened: 20, unanswered: 20 } }),
      ),
    },
  ],
  [
    'pings without end',
    ['flood'],
    {
      conversations: range(10).map((n) =>
        talk(1, 2, n, {
          transport: 'icmp',
          serverPort: null,
          packetsFromClient: 400,
          packetsFromServer: 400,
          bytesFromClient: 39_200,
          bytesFromServer: 39_200,
        }),
      ),
    },
  ],
  ['a tunnel in names', ['dns-tunnel'], { sightings: range(40).map(tunnel) }],
  [
    'one long name asked again and again',
    [],
    { sightings: range(200).map((n) => ({ ...tunnel(n), marks: mark(1) })) },
  ],
  [
    'names that do not exist',
    ['failed-names'],
    { sightings: range(70).map((n) => fact('dns.failure', 1, { code: 'NXDOMAIN' }, n, { marks: mark(n) })) },
  ],
  [
    'a tunnel in pings',
    ['icmp-tunnel'],
    {
      conversations: range(10).map((n) =>
        talk(1, 2, n * 10, {
          transport: 'icmp',
          serverPort: null,
          packetsFromClient: 10,
          packetsFromServer: 10,
          bytesFromClient: 10_000,
          bytesFromServer: 10_000,
        }),
      ),
    },
  ],
  [
    'ordinary pings',
    [],
    {
      conversations: range(60).map((n) =>
        talk(1, 2, n, {
          transport: 'icmp',
          serverPort: null,
          packetsFromClient: 10,
          packetsFromServer: 10,
          bytesFromClient: 980,
          bytesFromServer: 980,
        }),
      ),
    },
  ],
  [
    'two that hold one address',
    ['arp-spoofing'],
    { sightings: range(6).flatMap((n) => [reply(2, 2, n * 2), reply(9, 2, n * 2 + 1)]) },
  ],
  [
    'an address that passes on',
    [],
    { sightings: [...range(3).map((n) => reply(2, 2, n)), ...range(2).map((n) => reply(9, 2, 100 + n))] },
  ],
  [
    'answers for three computers',
    ['name-poisoning'],
    { sightings: range(3).map((n) => fact('name.answer', 1, { protocol: 'llmnr' }, n, { marks: mark(n) })) },
  ],
  [
    'files encrypted on a share',
    ['ransomware'],
    { sightings: range(10).flatMap((n) => [smb('read', n, 9), smb('write', n, 9), smb('rename', n, 9)]) },
  ],
  ['a folder of files copied', [], { sightings: range(10).map((n) => smb('read', n, 100)) }],
  [
    'calls outside every half minute',
    ['beaconing'],
    { conversations: range(20).map((n) => talk(1, '203.0.113.9', n * 30 + (n % 3))) },
  ],
  ['calls inside every half minute', [], { conversations: range(20).map((n) => talk(1, 2, n * 30)) }],
  ['pages read by a person', [], { conversations: range(30).map((n) => talk(1, '203.0.113.9', n * n * 7)) }],
  [
    'much sent outside',
    ['exfiltration'],
    { conversations: [talk(1, '203.0.113.9', 1, { bytesFromClient: 15_000_000 })] },
  ],
  [
    'much fetched from outside',
    [],
    {
      conversations: [
        talk(1, '203.0.113.9', 1, { bytesFromClient: 15_000_000, bytesFromServer: 90_000_000 }),
      ],
    },
  ],
  [
    'a command that restarts',
    ['unsafe-command'],
    {
      sightings: [
        fact('bacnet.use', 1, { role: 'client', service: 'reinitialize-device', access: 'command' }),
      ],
    },
  ],
  [
    'two under one DICOM name',
    ['impersonation'],
    {
      sightings: [1, 3].map((host) =>
        fact(
          'dicom.association',
          host,
          {
            role: 'requestor',
            aeTitle: 'CT1',
            peerAeTitle: 'PACS',
            result: 'accepted',
            abstractSyntaxes: [],
            userIdentity: false,
          },
          host,
        ),
      ),
    },
  ],
  [
    'another SSH key',
    ['identity-change'],
    {
      sightings: ['a', 'b'].map((sha256, n) =>
        fact('ssh.hostkey', 1, { algorithm: 'ssh-ed25519', sha256 }, n),
      ),
    },
  ],
  [
    'clear after protected',
    ['clear-text-downgrade'],
    {
      conversations: (['tls1.2', 'clear'] as const).map((protection, n) =>
        talk(1, 2, n, { protection, application: 'hl7', serverPort: 2575 }),
      ),
    },
  ],
  [
    'SSH on the port of the web',
    ['protocol-misuse'],
    {
      conversations: [
        talk(1, 2, 1, { serverPort: 443, application: 'ssh', packetsFromClient: 30, bytesFromClient: 5000 }),
      ],
    },
  ],
  [
    'two DHCP servers that differ',
    ['rogue-dhcp'],
    { sightings: [1, 3].map((host) => fact('dhcp.server', host, { routers: [`10.0.0.${host}`] }, host)) },
  ],
  [
    'two DHCP servers that agree',
    [],
    { sightings: [1, 3].map((host) => fact('dhcp.server', host, { routers: ['10.0.0.1'] }, host)) },
  ],
  [
    'a password of the manual',
    ['default-credential'],
    {
      sightings: [
        fact(
          'credential.cleartext',
          2,
          { protocol: 'ftp', field: 'PASS', outcome: 'accepted', knownDefault: 'x' },
          1,
          { peer: endpoint(1) },
        ),
      ],
    },
  ],
  [
    'a tool that names itself',
    ['attack-tool'],
    { sightings: [fact('http.client', 1, { userAgent: 'Mozilla/5.0 (compatible; Nmap Scripting Engine)' })] },
  ],
];

test.each(alone)('without learning: %s', (_, expected, scenario) => {
  expect(namesOf(play(scenario))).toEqual(expected);
});

const reads = fact('modbus.use', 1, { role: 'client', unit: 1, function: 'read-coils', access: 'read' });
const writes = fact('modbus.use', 1, {
  role: 'client',
  unit: 1,
  function: 'write-single-register',
  access: 'write',
});
const modbus = (from: number, second: number) =>
  talk(from, 2, second, { application: 'modbus', serverPort: 502 });
const day = { conversations: range(60).map((n) => modbus(1, n * 60)), sightings: [reads] };

describe('after learning', () => {
  it('tells nothing of what was learnt', () => {
    expect(
      play({ learn: day, conversations: range(60).map((n) => modbus(1, 4000 + n * 60)), sightings: [reads] }),
    ).toEqual([]);
  });

  it.each<[string, string[], Scenario]>([
    ['a write by one who only read', ['unsafe-command'], { sightings: [writes] }],
    [
      'a write by one who is new',
      ['new-device', 'unsafe-command'],
      { conversations: [modbus(7, 4000)], sightings: [{ ...writes, subject: endpoint(7) }] },
    ],
    ['a new peer', ['new-device', 'new-peer'], { conversations: [talk(1, 9, 4000)] }],
    ['a new service', ['new-service'], { conversations: [talk(1, 2, 4000, { serverPort: 8080 })] }],
    [
      'a step to another device',
      ['lateral-movement', 'new-device'],
      { conversations: [talk(1, 9, 4000, { serverPort: 22, application: 'ssh', packetsFromClient: 30 })] },
    ],
    ['a try that nobody answers', [], { conversations: [knock(1, 2, 4000, { serverPort: 8081 })] }],
    [
      'a call inside at an even pace to one it never spoke to',
      ['beaconing', 'new-device', 'new-peer'],
      { conversations: range(15).map((n) => talk(1, 9, 4000 + n * 20)) },
    ],
  ])('%s', (name, expected, scenario) => {
    const found = namesOf(play({ learn: day, ...scenario }));
    expect(found).toEqual(name === 'a new service' ? ['new-peer', ...expected] : expected);
  });

  it('hears silence, and not where nobody was heard', () => {
    const other = (n: number) => talk(5, 6, n * 20);
    const learn = { conversations: [...day.conversations, ...range(180).map(other)] };
    const silent = range(120).map((n) => talk(5, 6, 4000 + n * 20));
    expect(namesOf(play({ learn, conversations: silent }))).toContain('silence');
    const spoken = range(40).map((n) => modbus(1, 4000 + n * 60));
    expect(namesOf(play({ learn, conversations: [...silent, ...spoken] }))).not.toContain('silence');
    // All pause, and go on: the recording had a gap.
    const later = range(6).map((n) => talk(5, 6, 90_000 + n * 20));
    expect(namesOf(play({ learn, conversations: [...spoken.slice(0, 1), ...later] }))).not.toContain(
      'silence',
    );
  });

  it('does not learn from one who scans meanwhile', () => {
    const scanning = range(40).map((n) => knock(3, 2, n, { serverPort: n + 1 }));
    const learn = {
      conversations: [...day.conversations, ...scanning, modbus(3, 50)],
      sightings: [{ ...writes, subject: endpoint(3) }],
    };
    const found = play({
      learn,
      conversations: [modbus(3, 4000)],
      sightings: [{ ...writes, subject: endpoint(3), firstSeen: NOON + 70 * MINUTE }],
    });
    expect(namesOf(found)).toContain('unsafe-command');
  });
});
