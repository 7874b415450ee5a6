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
    ['access-list OUTSIDE extended permit tcp any any', 'access-list NAME'],
    ['ip access-list extended A\n permit tcp any any eq 99999', '99999 is no port'],
    ['ip access-list extended A\n permit ip 10.0.0.1 any', 'expected a wildcard mask after 10.0.0.1'],
    ['ip access-list extended A\n no 10', 'only a whole configuration'],
    ['ip access-list extended A\n 10 permit ip any any\n 10 deny ip any any', 'the number 10 already'],
    ['ip access-list extended A\n evaluate GUESTS', 'expected permit or deny'],
    ['permit ip any any', 'outside of any list'],
    ['access-list 700 permit 0000.0000.0000', 'is not one of IP'],
    ['mac access-list extended M\n permit any any', 'hardware addresses'],
    ['set firewall filter F term T then accept', 'another system'],
  ])('is refused with its line: %s', (text, message) => {
    const [fault] = faultsOf(text);
    expect(fault?.message).toContain(message);
    expect(fault?.line).toBeGreaterThan(0);
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
