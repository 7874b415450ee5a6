import { describe, expect, it } from 'vitest';
import { CONFIGURATION_CHARACTERS } from '../limits.ts';
import { decidingLine, type Ruleset } from '../ruleset.ts';
import { parseAddress } from '../space/addresses.ts';
import type { Packet } from '../space/packet.ts';
import { readCiscoIos } from './cisco-ios.ts';

function listOf(text: string): Ruleset {
  const result = readCiscoIos(text);
  if ('fault' in result || result.faults.length > 0) throw new Error(JSON.stringify(result));
  return result.rulesets[0]!;
}

function faultsOf(text: string) {
  const result = readCiscoIos(text);
  return 'fault' in result ? [result.fault] : result.faults;
}

function packet(source: string, destination: string, more: Partial<Packet> = {}): Packet {
  const [from, to] = [parseAddress(source)!, parseAddress(destination)!];
  const usual = { protocol: 6n, destinationPort: 80n, sourcePort: 50_000n, established: 0n };
  return { family: from.family, source: from.value, destination: to.value, ...usual, ...more };
}

const lineFor = (list: Ruleset, one: Packet) => decidingLine(list, one)?.line ?? null;

describe('a list of IOS', () => {
  it('has its entries in the order of their numbers, and gives those without one ten more than the greatest', () => {
    const text = [
      'ip access-list extended WARD',
      ' permit tcp host 10.0.0.1 any eq www',
      ' permit tcp host 10.0.0.2 any eq www',
      ' 15 deny tcp any any eq www',
    ].join('\n');
    expect(lineFor(listOf(text), packet('10.0.0.1', '10.9.9.9'))).toBe(2);
    expect(lineFor(listOf(text), packet('10.0.0.2', '10.9.9.9'))).toBe(4);
  });

  it('takes the mask of a network group for a mask and that of an entry for a wildcard', () => {
    const text = [
      'object-group network PUMPS',
      ' 10.1.2.0 255.255.255.0',
      'ip access-list extended WARD',
      ' permit ip object-group PUMPS 10.9.0.0 0.0.255.255',
    ].join('\n');
    expect(lineFor(listOf(text), packet('10.1.2.77', '10.9.8.7'))).toBe(4);
    expect(lineFor(listOf(text), packet('10.1.3.77', '10.9.8.7'))).toBe(null);
    expect(lineFor(listOf(text), packet('10.1.2.77', '10.8.8.7'))).toBe(null);
  });

  it('knows messages of ICMP by name, with their code', () => {
    const text =
      'access-list 101 permit icmp any any port-unreachable\naccess-list 101 permit icmp any any echo log';
    const icmp = (type: bigint, code: bigint) =>
      packet('10.0.0.1', '10.0.0.2', { protocol: 1n, sourcePort: type, destinationPort: code });
    expect([icmp(3n, 3n), icmp(3n, 1n), icmp(8n, 0n)].map((one) => lineFor(listOf(text), one))).toEqual([
      1,
      null,
      2,
    ]);
  });

  it('keeps entries that nobody indented, and those of a part that was pasted with its margin', () => {
    const flat = 'ip access-list extended A\npermit tcp any any eq 22\ndeny ip any any';
    expect(listOf(flat).lines).toHaveLength(2);
    expect(listOf(flat.replaceAll(/^/gm, '    ')).lines).toHaveLength(2);
  });

  it('is not begun by what a banner says, and has a kind in IPv6 too where EOS writes one', () => {
    const text =
      'banner motd ^C\npermit ip any any\naccess-list NOBODY\n^C\nipv6 access-list standard V6\n permit fd00::/8\n';
    expect(listOf(text)).toMatchObject({ name: 'V6', lines: [{ line: 6, family: 6 }] });
  });

  it('counts what holds only under a condition where it permits, never where it denies, and says so', () => {
    const text =
      'ip access-list extended A\n deny tcp any any ttl eq 1\n permit tcp any any time-range NIGHT';
    const { lines, unmodelled, otherwise } = listOf(text);
    expect(lines.map(({ line }) => line)).toEqual([3]);
    expect(unmodelled).toEqual([
      { line: 2, what: 'ttl eq 1' },
      { line: 3, what: 'time-range NIGHT' },
    ]);
    expect(otherwise).toBe('deny');
  });

  it.each([
    ['access-list OUTSIDE permit any', 'access-list NAME'],
    ['ip access-list extended A\n permit tcp any any eq 99999', '99999 is no port'],
    ['ip access-list extended A\n permit ip 10.0.0.1 any', 'expected a wildcard mask after 10.0.0.1'],
    ['ip access-list extended A\n no 10', 'only a whole configuration'],
    ['ip access-list extended A\n 10 permit ip any any\n 10 deny ip any any', 'the number 10 already'],
    ['ip access-list extended A\n evaluate GUESTS', 'expected permit or deny'],
    ['permit ip any any', 'outside of any list'],
    ['access-list 700 permit 0000.0000.0000', 'is not one of IP'],
    ['mac access-list extended M\n permit any any', 'hardware addresses'],
    ['interface Gi1\n permit tcp any any', 'outside of any list'],
    ['arp access-list A\n permit ip host 10.0.0.1 mac any', 'a list of ARP'],
    ['IP ACCESS-LIST EXTENDED A\n permit ip any any', 'in small letters'],
    [
      'object-group network A\n group-object B\nobject-group network B\n group-object A',
      'the object group B cannot be read (line 4)',
    ],
    ['object-group fancy A\n x', 'an object group of fancy is not known'],
    ['ip access-list resequence A', 'no list A before'],
    ['ip access-list role-based R\n permit ip', 'expected the end of the line'],
    ['ip access-list extended A\n permit ip any any eq 80', 'eq is not known here'],
    ['ip access-list extended A\n dynamic D permit ip any any', 'expected permit or deny'],
    ['set firewall filter F term T then accept', 'another system'],
  ])('is refused with its line: %s', (text, message) => {
    const [fault] = faultsOf(text);
    expect(fault?.message).toContain(message);
    expect(fault?.line).toBeGreaterThan(0);
  });

  it('means what its groups hold in the end, wherever they stand, also nested and not indented', () => {
    const text = [
      'ip access-list extended WARD',
      ' permit tcp object-group OUTER any eq 22',
      'object-group network INNER',
      ' host 10.1.0.1',
      'object-group network OUTER',
      'group-object INNER',
      '10.2.0.0 255.255.0.0',
      'object-group network INNER',
      ' range 10.1.0.5 10.1.0.9',
      'hostname sw',
    ].join('\n');
    const list = listOf(text);
    const from = (source: string) => lineFor(list, packet(source, '10.9.9.9', { destinationPort: 22n }));
    expect(['10.1.0.1', '10.1.0.5', '10.2.7.7', '10.1.0.2'].map(from)).toEqual([2, 2, 2, null]);
  });

  it('is refused with the line of its group where that has a member that cannot be read', () => {
    const text =
      'object-group network G\n host 10.0.0.1\n host nowhere\nip access-list extended A\n permit ip object-group G any';
    const result = readCiscoIos(text);
    expect(result).toEqual({
      rulesets: [],
      faults: [
        { line: 3, message: 'nowhere is no IPv4 address' },
        { line: 5, message: 'the object group G cannot be read (line 3)' },
      ],
    });
  });

  it('is read as IOS XR, NX-OS and EOS write it too', () => {
    const xr = [
      'object-group network ipv4 WARD',
      ' 10.1.0.0/16',
      ' host 10.2.0.1',
      'object-group port WEB',
      ' eq www',
      ' range 8000 8080',
      'ipv4 access-list A',
      ' 10 permit tcp net-group WARD any port-group WEB',
    ];
    expect(lineFor(listOf(xr.join('\n')), packet('10.2.0.1', '10.9.9.9', { destinationPort: 8080n }))).toBe(
      8,
    );
    const nexus = [
      'object-group ip address WARD',
      ' 10 10.1.0.0 0.0.255.255',
      ' 20 host 10.2.0.1',
      'object-group ip port WEB',
      ' 10 eq 443',
      'ip access-list A',
      ' statistics per-entry',
      ' 10 permit tcp addrgroup WARD 10.9.0.0/16 portgroup WEB log',
      ' 20 deny tcp any any neq 22 23',
    ];
    const list = listOf(nexus.join('\n'));
    expect(lineFor(list, packet('10.1.3.4', '10.9.9.9', { destinationPort: 443n }))).toBe(8);
    expect(lineFor(list, packet('10.1.3.4', '10.8.9.9', { destinationPort: 443n }))).toBe(9);
    expect(lineFor(list, packet('10.1.3.4', '10.8.9.9', { destinationPort: 23n }))).toBe(null);
  });

  it('is read from what a switch shows of it, without what it counted', () => {
    const text = [
      'Extended IP access list WARD',
      '    10 permit tcp any host 10.0.0.1 eq www (17 matches)',
      '    20 deny ip any any log (3 matches)',
      'Standard IP access list 7',
      '    10 permit 10.1.2.0, wildcard bits 0.0.0.255 (2 matches)',
      'IPv6 access list V6',
      '    permit tcp any any eq 22 (1 match) sequence 10',
    ].join('\n');
    const result = readCiscoIos(text);
    const lists = 'rulesets' in result ? result.rulesets : [];
    expect('faults' in result && result.faults).toEqual([]);
    expect(lists.map(({ name, lines }) => [name, lines.map(({ line }) => line)])).toEqual([
      ['WARD', [2, 3]],
      ['7', [5]],
      ['V6', [7]],
    ]);
  });

  it('has the places that new numbers give its entries', () => {
    const text = [
      'ip access-list extended A',
      ' 10 permit tcp any any eq 1',
      ' 20 permit tcp any any eq 2',
      'ip access-list resequence A 100 100',
      'ip access-list extended A',
      ' 150 deny tcp any any eq 2',
    ].join('\n');
    expect(listOf(text).lines.map(({ line }) => line)).toEqual([2, 6, 3]);
  });

  it('has a word of its administrator behind log, and every condition that NX-OS and EOS know is told', () => {
    const text =
      'ip access-list extended A\n permit tcp any any eq 22 log Audit7\n permit tcp any any eq 80 http-method get\n permit ip any any vlan 7';
    expect(listOf(text).unmodelled).toEqual([
      { line: 3, what: 'http-method get' },
      { line: 4, what: 'vlan 7' },
    ]);
  });

  it('is not looked for in lists of routes, roles and commands', () => {
    const text = [
      'ip prefix-list P',
      ' seq 10 permit 10.0.0.0/8',
      'role name nurse',
      ' permit interface Ethernet1/1',
      'ipv6 prefix-list P6',
      ' permit fd00::/8',
    ].join('\n');
    expect(faultsOf(text)).toEqual([]);
  });

  it('is left out where one of its lines cannot be read, and the others stay', () => {
    const text = 'access-list 10 permit any\naccess-list 11 permit nobody\naccess-list 12 permit any';
    const result = readCiscoIos(text);
    expect('rulesets' in result && result.rulesets.map(({ name }) => name)).toEqual(['10', '12']);
  });

  it('ends in a list or a located fault wherever its text is cut off', () => {
    const text = [
      'object-group network PUMPS\n 10.1.2.0 255.255.255.0\n range 10.1.3.4 10.1.3.9\n host 10.1.4.1',
      'object-group service WEB\n tcp-udp eq 53\n tcp source range 1 5 eq 80',
      'ip access-list extended WARD\n 10 permit object-group WEB object-group PUMPS any log',
      ' 20 deny icmp any host 10.0.0.1 port-unreachable\n remark the end',
      'ipv6 access-list V6\n sequence 5 permit tcp fd00::/8 any range 1 9 established\n deny ipv6 any any fragments',
    ].join('\n');
    expect(faultsOf(text)).toEqual([]);
    for (let end = 0; end < text.length; end += 1) {
      const cut = text.slice(0, end);
      for (const { line } of faultsOf(cut)) expect(line).toBe(cut.split('\n').length);
    }
  });

  it('takes a wildcard mask of 65,536 ranges and no more, and a text up to its bound', () => {
    const list = (mask: string) => `ip access-list standard A\n permit 0.0.0.0 ${mask}`;
    expect(faultsOf(list('255.255.0.0'))).toEqual([]);
    expect(faultsOf(list('255.255.128.0'))[0]?.message).toContain('65,536');
    expect(faultsOf(' '.repeat(CONFIGURATION_CHARACTERS))).toEqual([]);
    expect(faultsOf(' '.repeat(CONFIGURATION_CHARACTERS + 1))[0]?.message).toContain('characters');
  });
});
