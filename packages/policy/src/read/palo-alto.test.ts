import { describe, expect, it } from 'vitest';
import { PAN_ZONE_PAIRS, XML_DEPTH } from '../limits.ts';
import { decidingLine, type Ruleset } from '../ruleset.ts';
import { parseAddress } from '../space/addresses.ts';
import { readPaloAlto } from './palo-alto.ts';

function rulesetsOf(text: string): Ruleset[] {
  const result = readPaloAlto(text);
  if ('fault' in result) throw new Error(`${result.fault.line}: ${result.fault.message}`);
  return result.rulesets;
}

function verdict(ruleset: Ruleset, source: string, destination: string, port: bigint, protocol = 6n): string {
  const [from, to] = [parseAddress(source)!, parseAddress(destination)!];
  const ends = { family: from.family, source: from.value, destination: to.value };
  const line = decidingLine(ruleset, {
    ...ends,
    protocol,
    destinationPort: port,
    sourcePort: 50_000n,
    established: 0n,
  });
  return `${line?.action ?? ruleset.otherwise} ${line?.line ?? 'default'}`;
}

const rule = (name: string, words: string) => `set rulebase security rules ${name} ${words}`;
const any = 'source any destination any application any service any';

describe('rules of a firewall', () => {
  it('follow groups in groups, negation, ports and predefined services, in either form', () => {
    const text = [
      'set address pumps ip-netmask 10.1.0.9/16',
      'set address one ip-range 10.2.0.1-10.2.0.9',
      'set address-group inner static one',
      'set address-group outer static [ pumps inner ]',
      rule('a', 'from any to any source outer destination any negate-destination no application any'),
      rule('a', 'service [ service-https web ] action allow'),
      'set service web protocol tcp port 8000-8010',
      rule(
        'b',
        'from any to any source outer negate-source yes destination any application any service any action drop',
      ),
    ].join('\n');
    const [list] = rulesetsOf(text);
    expect(verdict(list!, '10.1.200.1', '10.9.9.9', 443n)).toBe('permit 5');
    expect(verdict(list!, '10.2.0.9', '10.9.9.9', 8005n)).toBe('permit 5');
    expect(verdict(list!, '10.2.0.10', '10.9.9.9', 443n)).toBe('deny 8');
    // Within one zone what no rule holds passes.
    expect(verdict(list!, '10.1.0.1', '10.9.9.9', 22n)).toBe('permit default');
  });

  it('are one list for each pair of zones that they tell apart', () => {
    const text = [
      rule('a', `from ward to imaging ${any} action allow`),
      rule('b', `from ward to ward ${any} action deny`),
      rule('c', `from any to any ${any} rule-type interzone action deny`),
    ].join('\n');
    const lists = rulesetsOf(text);
    expect(
      lists.map(({ name, otherwise, lines }) => [name, otherwise, lines.map(({ line }) => line)]),
    ).toEqual([
      ['ward → ward', 'permit', [2, 2]],
      ['ward → imaging', 'deny', [1, 1, 3, 3]],
      [
        'ward → another zone, imaging → ward, imaging → another zone, another zone → ward, another zone → imaging, another zone → a third zone',
        'deny',
        [3, 3],
      ],
      ['imaging → imaging, another zone → another zone', 'permit', []],
    ]);
  });

  it('with a condition beyond packets count where they allow, never where they deny, and say so', () => {
    const text = [
      'set address cloud fqdn update.example.org',
      rule('a', 'from any to any source any destination cloud application ssl service any action allow'),
      rule(
        'b',
        'from any to any source any destination any source-user sam application any service any action deny',
      ),
    ].join('\n');
    const [list] = rulesetsOf(text);
    expect(list!.lines.map(({ line, action }) => [line, action])).toEqual([
      [2, 'permit'],
      [2, 'permit'],
    ]);
    expect(list!.unmodelled).toEqual([
      { line: 2, what: 'the name update.example.org, application ssl' },
      { line: 3, what: 'source-user sam' },
    ]);
  });

  it('stand before or after the local ones where the manager put them, and turn the defaults round', () => {
    const text = [
      `set device-group hospital post-rulebase security rules last from any to any ${any} action deny`,
      rule('mine', `from any to any ${any} action allow`),
      `set device-group hospital pre-rulebase security rules first from any to any ${any} action deny`,
      'set rulebase default-security-rules rules intrazone-default action deny',
    ].join('\n');
    const result = readPaloAlto(text);
    expect(
      'rulesets' in result &&
        result.rulesets[0]!.lines.filter(({ family }) => family === 4).map(({ line }) => line),
    ).toEqual([3, 2, 1]);
  });

  it('name objects of their own part first, and rules of a group go around those of the groups below it', () => {
    const text = [
      'set shared address pacs ip-netmask 10.0.0.1',
      'set vsys vsys1 address pacs ip-netmask 10.0.0.2',
      `set vsys vsys1 ${rule('a', 'from any to any source any destination pacs application any service any action allow').slice(4)}`,
      `set vsys vsys2 ${rule('a', 'from any to any source any destination pacs application any service any action allow').slice(4)}`,
    ].join('\n');
    const [one, two] = rulesetsOf(text.replace('set shared ', 'set '));
    expect([one!.name, two!.name]).toEqual([
      'vsys vsys1: any zone → any zone',
      'vsys vsys2: any zone → any zone',
    ]);
    expect(verdict(one!, '10.9.9.9', '10.0.0.2', 104n)).toBe('permit 3');
    expect(verdict(two!, '10.9.9.9', '10.0.0.1', 104n)).toBe('permit 4');
    const group = (name: string, base: string, rest: string) =>
      `set device-group ${name} ${base} security rules ${rest} from z to z ${any} action deny`;
    const manager = [
      group('ward', 'pre-rulebase', 'w1'),
      group('house', 'post-rulebase', 'h9'),
      group('house', 'pre-rulebase', 'h1'),
      group('ward', 'post-rulebase', 'w9'),
      'set readonly devices localhost.localdomain device-group ward parent-dg house',
    ].join('\n');
    const four = ({ lines }: Ruleset) => lines.filter(({ family }) => family === 4).map(({ line }) => line);
    expect(rulesetsOf(manager).map((list) => [list.name, four(list)])).toEqual([
      ['device-group ward: z → z', [3, 1, 4, 2]],
      ['device-group house: z → z', [3, 2]],
    ]);
    const without = rulesetsOf(manager.split('\n').slice(0, 4).join('\n'));
    expect(without[0]!.unmodelled[0]!.what).toContain('a group above');
  });

  it('read services of SCTP, wildcards, usual ports of own applications, and tell what else they ask', () => {
    const text = [
      'set service assoc protocol sctp port 2905',
      'set address odd ip-wildcard 10.1.0.5/0.0.255.0',
      'set application ours default port [ tcp/7000-7001 udp/7002 ]',
      'set external-list bad type ip',
      rule('a', 'from any to any source odd destination any application any service assoc action allow'),
      rule(
        'b',
        'from any to any source any destination any application ours service application-default action allow',
      ),
      rule('c', 'from any to any source bad destination any application any service any action deny'),
      rule('d', 'from any to any source US destination any application any service any action allow'),
      rule('e', 'target devices 0123'),
      rule('e', `from any to any ${any} source-imei 7 log-setting x action allow`),
    ].join('\n');
    const [list] = rulesetsOf(text);
    expect(verdict(list!, '10.1.77.5', '10.9.9.9', 2905n, 132n)).toBe('permit 5');
    expect(verdict(list!, '10.1.77.6', '10.9.9.9', 7001n)).toBe('permit 6');
    expect(list!.unmodelled).toEqual([
      { line: 6, what: 'application ours' },
      { line: 7, what: 'the list bad, which is fetched' },
      { line: 8, what: 'the region US' },
      { line: 9, what: 'target devices 0123, source-imei 7' },
    ]);
  });

  it.each([
    [
      `set service s protocol tcp override no\n${rule('r', 'service s action allow')}`,
      1,
      'has no ports that are known',
    ],
    [rule('r', 'rule-type odd source any action allow'), 1, 'the type of rule odd'],
    [
      `set address w ip-wildcard 10.0.0.1/255.255.255.0.0\n${rule('r', 'source w action allow')}`,
      1,
      'no address with a wildcard',
    ],
    [
      '<config><rulebase><security><rules>\n<entry name="r"><source></source><action>allow</action></entry></rules></security></rulebase></config>',
      2,
      'names nothing under source',
    ],
    [`set address a ip-netmask nonsense\n${rule('r', 'source a action allow')}`, 1, 'nonsense is no address'],
    [rule('r', 'source nobody action allow'), 1, 'no object has this name'],
    [rule('r', 'service nothing action allow'), 1, 'there is no service nothing'],
    [rule('r', 'source any'), 1, 'has no action'],
    ['\nset address "a ip-netmask 10.0.0.1', 2, 'not closed'],
    ['delete address a', 1, 'expected "set"'],
    ['<config>\n<devices></config>', 2, '<devices> is closed by </config>'],
    ['<config>\n\n&evil;</config>', 3, 'the entity &evil; is not known'],
    ['<!DOCTYPE config [<!ENTITY a "b">]><config/>', 1, 'expected an element'],
  ])('are refused with the line: %s', (text, line, message) => {
    const result = readPaloAlto(text);
    expect('fault' in result && result.fault.line).toBe(line);
    expect('fault' in result && result.fault.message).toContain(message);
  });

  it('take elements as deep and pairs of zones as many as their bounds say, and no more', () => {
    const deep = (levels: number) => `${'<a>'.repeat(levels)}${'</a>'.repeat(levels)}`;
    expect(readPaloAlto(`<config>${deep(XML_DEPTH)}</config>`)).toEqual({ rulesets: [] });
    expect('fault' in readPaloAlto(`<config>${deep(XML_DEPTH + 1)}</config>`)).toBe(true);
    const zones = (count: number) =>
      Array.from({ length: count }, (_, index) =>
        rule(`r${index}`, `from z${index} to z0 ${any} action deny`),
      ).join('\n');
    const most = Math.sqrt(PAN_ZONE_PAIRS);
    expect('rulesets' in readPaloAlto(zones(most))).toBe(true);
    expect('fault' in readPaloAlto(zones(most + 1))).toBe(true);
  });

  it('end in lists or a located fault wherever their text is cut off', () => {
    const xml =
      '<?xml version="1.0"?><!-- a --><config a="1">\n<address><entry name="a"><ip-netmask>10.0.0.1</ip-netmask></entry></address><rulebase><security><rules>\n<entry name="r"><source><member>a</member></source><action>allow</action><description>&lt;<![CDATA[x]]></description></entry></rules></security></rulebase></config>';
    const set = [
      'set address a ip-netmask 10.0.0.1',
      rule('"r 1"', 'from [ a b ] to any source a action allow'),
    ].join('\n');
    for (const text of [xml, set])
      for (let end = 0; end < text.length; end += 1) {
        const result = readPaloAlto(text.slice(0, end));
        if ('fault' in result) expect(result.fault.line).toBeLessThanOrEqual(text.split('\n').length);
      }
  });
});
