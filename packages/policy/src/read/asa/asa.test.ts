import { describe, expect, it } from 'vitest';
import { decidingLine, type Ruleset } from '../../ruleset.ts';
import { parseAddress } from '../../space/addresses.ts';
import { readCiscoIos } from '../cisco-ios.ts';

const firewall = `: Saved
ASA Version 9.16(2)
name 10.1.0.9 pump-server
object network pacs
 host 10.20.0.5
object network late
 subnet 10.30.0.0 255.255.0.0
object network cloud
 fqdn v4 update.example.org
object service dicom
 service tcp destination eq 104
object-group network ward
 description the ward
 network-object 10.1.0.0 255.255.255.0
 network-object object late
 network-object host 10.2.0.1
 network-object fd00:1::/64
object-group network all
 group-object ward
object-group service web tcp
 port-object eq www
 port-object range 8000 8010
object-group service mixed
 service-object udp destination eq radius
 service-object icmp6 echo
 service-object object dicom
object-group protocol both
 protocol-object tcp
 protocol-object udp
object-group icmp-type pings
 icmp-object echo
access-list IN line 1 extended permit object dicom object-group all object pacs
access-list IN remark what follows is for the web
access-list IN extended permit tcp any4 host pump-server object-group web log warnings interval 60
access-list IN extended permit object-group mixed any any
access-list IN extended deny object-group both any host 10.9.9.9 eq 53
access-list IN extended permit icmp any any object-group pings
access-list IN extended permit tcp object cloud any eq https
access-list IN extended permit ip any any time-range NIGHT inactive
access-list IN extended deny tcp any any time-range NIGHT
access-list IN extended permit tcp 10.5.0.0 255.255.0.0 gt 1023 any6 eq 22
access-list IN extended permit tcp 10.5.0.0 255.255.0.0 gt 1023 any eq 22 log disable
access-list STD standard permit 10.0.0.0 255.0.0.0
access-group IN in interface outside
`;

function listOf(text: string): Ruleset {
  const result = readCiscoIos(text);
  if ('fault' in result || result.faults.length > 0) throw new Error(JSON.stringify(result));
  return result.rulesets[0]!;
}

function lineFor(source: string, destination: string, port: bigint, more = {}): number | null {
  const [from, to] = [parseAddress(source)!, parseAddress(destination)!];
  const ends = { family: from.family, source: from.value, destination: to.value };
  const usual = { protocol: 6n, destinationPort: port, sourcePort: 50_000n, established: 0n };
  return decidingLine(listOf(firewall), { ...ends, ...usual, ...more })?.line ?? null;
}

const lineWith = (text: string) => firewall.split('\n').findIndex((line) => line.includes(text)) + 1;

describe('a list of an ASA', () => {
  it('is read with objects, groups in groups, names, masks and both families', () => {
    const dicom = lineWith('line 1');
    expect(lineFor('10.1.0.7', '10.20.0.5', 104n)).toBe(dicom);
    expect(lineFor('10.30.200.7', '10.20.0.5', 104n)).toBe(dicom);
    expect(lineFor('10.1.1.7', '10.20.0.6', 105n)).toBe(null);
    expect(lineFor('10.7.0.1', '10.1.0.9', 8010n)).toBe(lineWith('host pump-server'));
    const mixed = lineWith('object-group mixed any any');
    // Its own number for radius, which is 1812 elsewhere.
    expect(lineFor('10.7.0.1', '10.8.0.1', 1645n, { protocol: 17n })).toBe(mixed);
    expect(lineFor('10.7.0.1', '10.8.0.1', 1812n, { protocol: 17n })).toBe(null);
    expect(lineFor('fd00::1', 'fd00::2', 0n, { protocol: 58n, sourcePort: 128n })).toBe(mixed);
    expect(lineFor('10.7.0.1', '10.9.9.9', 53n, { protocol: 17n })).toBe(lineWith('10.9.9.9'));
    expect(lineFor('10.7.0.1', '10.8.0.1', 0n, { protocol: 1n, sourcePort: 8n })).toBe(
      lineWith('object-group pings'),
    );
    expect(lineFor('10.5.7.7', '10.8.0.1', 22n)).toBe(lineWith('log disable'));
    expect(lineFor('10.5.7.7', '10.8.0.1', 22n, { sourcePort: 1023n })).toBe(null);
  });

  it('tells what it looks up, and leaves out what is switched off', () => {
    const { unmodelled, lines, stateful } = listOf(firewall);
    expect(unmodelled).toEqual([
      { line: lineWith('object cloud'), what: 'the name update.example.org' },
      { line: lineWith('deny tcp any any time-range'), what: 'time-range NIGHT' },
    ]);
    expect(lines.some(({ line }) => line === lineWith('inactive'))).toBe(false);
    expect(stateful).toBe(true);
  });

  it.each([
    [
      'object network a\n host nowhere\naccess-list A extended permit ip object a any',
      2,
      'nowhere is no address',
    ],
    ['access-list A extended permit ip object gone any', 1, 'there is no object gone'],
    ['access-list A extended permit ip 10.0.0.0 0.0.0.255 any', 1, 'bits not together'],
    ['access-list A extended permit tcp any any eq sqlnet', 1, 'by the version'],
    ['access-list A extended permit ip any any eq 80', 1, 'ip has no ports'],
    ['access-list A extended permit tcp user sam any any', 1, 'user is no address'],
    ['access-list A ethertype permit ipx', 1, 'a list of ethertype'],
    ['access-list A extended permit ip any any log loudly', 1, 'not known behind log'],
    [
      'object network a\n host 10.0.0.1\nobject service a2\n service tcp\naccess-list A extended permit ip object a2 any',
      5,
      'the object a2 is one of service',
    ],
    [
      'object-group network g\n group-object g\naccess-list A extended permit ip object-group g any',
      2,
      'a part of itself',
    ],
    ['object-group fancy g\n x\naccess-list A extended permit ip any any', 1, 'an object-group of fancy'],
  ])('is refused with its line: %s', (text, line, message) => {
    const result = readCiscoIos(text);
    expect('faults' in result && result.faults[0]).toEqual({
      line,
      message: expect.stringContaining(message),
    });
  });

  it('ends in lists or a located fault wherever its text is cut off', () => {
    for (let end = 0; end < firewall.length; end += 1) {
      const cut = firewall.slice(0, end);
      const result = readCiscoIos(cut);
      const faults = 'faults' in result ? result.faults : [result.fault];
      for (const { line } of faults) expect(line).toBeLessThanOrEqual(cut.split('\n').length);
    }
  });
});
