import { isIP } from 'node:net';
import type { Conversation } from '@wardline/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWatch } from '../engine/state.ts';
import { Watch } from '../engine/watch.ts';
import { conversationOf } from '../testing/conversations.ts';
import { judgeOf, minuteOfWeekIn, parseRule, type RuleFacts, RuleTrial } from './index.ts';
import { RULE_CHARS, RULE_TERMS, RULE_TEXT } from './limits.ts';
import { addressNumber } from './network.ts';

const HOUR = 3_600_000_000;
const whole = `# What leaves pumps at night.
alert high "A pump sends much at night"
from class infusion-pump, zone "Ward 3" except named "pump-test*"
to outside except address 203.0.113.0/24
over tcp/443, tcp/8000-8010, hl7
at Mon-Fri 22:00-06:00, Sat, Sun 08:00-12:00
in clear
more than 10 MB sent in 1 h
advice "Call biomedical engineering."`;

const ruleOf = (text: string) => {
  const parsed = parseRule(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.rule;
};
const faultsOf = (text: string) => {
  const parsed = parseRule(text);
  return parsed.ok
    ? []
    : parsed.faults.map(({ message, place }) => `${place.line}:${place.column} ${message}`);
};

describe('reading', () => {
  it('reads every clause', () => {
    expect(ruleOf(whole)).toEqual({
      severity: 'high',
      title: 'A pump sends much at night',
      from: {
        any: [
          { kind: 'class', name: 'infusion-pump' },
          { kind: 'zone', name: 'Ward 3' },
        ],
        except: [{ kind: 'named', text: 'pump-test', prefix: true }],
      },
      to: { any: [{ kind: 'outside' }], except: [{ kind: 'address', address: '203.0.113.0', prefix: 24 }] },
      over: {
        any: [
          { kind: 'ports', transport: 'tcp', from: 443, upTo: 443 },
          { kind: 'ports', transport: 'tcp', from: 8000, upTo: 8010 },
          { kind: 'application', name: 'hl7' },
        ],
        except: [],
      },
      at: [
        { days: [0, 1, 2, 3, 4], from: 1320, upTo: 360 },
        { days: [5], from: 0, upTo: 1440 },
        { days: [6], from: 480, upTo: 720 },
      ],
      clear: true,
      unanswered: false,
      amount: { what: 'sent', more: 10_000_000, within: HOUR },
      advice: 'Call biomedical engineering.',
    });
  });

  it.each([
    ['alert grave "x" from outside', ['1:7 Expected a severity: critical, high, medium, low, info']],
    [
      'alert high "x"\nfrom clas pump',
      ['2:6 Expected who is meant: outside, inside, unknown, class, zone, criticality, vlan, address, named'],
    ],
    ['alert high "x\nfrom outside', ['1:12 This text is not closed on its line']],
    ['alert high "x" over tcp/70000', ['1:21 tcp/70000: ports go from 0 to 65535, the lower first']],
    [
      'alert high "x" to address 10.0.0.0/33',
      ['1:27 10.0.0.0/33 is no address and no network as 10.1.0.0/16'],
    ],
    ['alert high "x" to outside at 25:00-26:00', ['1:30 25:00-26:00: expected hours as 22:00-06:00']],
    [
      'alert high "x" to outside more than 5 MB sent in 25 h',
      ['1:53 Amounts are counted within a day at the most'],
    ],
    ['alert high "x" to outside to inside', ['1:27 “to” stands twice']],
    [
      'alert high "x"\nin clear',
      ['2:9 A rule says from whom, to whom or over what: without that it means everything'],
    ],
    ['from outside', ['1:13 A rule begins with: alert high "what it is called"']],
    [
      'alert high "x" to vlan 5000 over 9x',
      [
        '1:24 5000: expected the number of a VLAN from 0 to 4094',
        '1:34 9x is no service as tcp/443, udp/1000-2000 or hl7',
      ],
    ],
  ])('tells what is wrong with %j, and where', (text, faults) => {
    expect(faultsOf(text)).toEqual(faults);
  });

  it('takes as much as its bounds, and not more', () => {
    const listed = (count: number) => `alert low "x" to ${Array(count).fill('vlan 1').join(', ')}`;
    expect(faultsOf(listed(RULE_TERMS))).toEqual([]);
    expect(faultsOf(listed(RULE_TERMS + 1))).toHaveLength(1);
    expect(faultsOf(`alert low "${'x'.repeat(RULE_TEXT)}" to outside`)).toEqual([]);
    expect(faultsOf(`alert low "${'x'.repeat(RULE_TEXT + 1)}" to outside`)).toHaveLength(1);
    expect(faultsOf('alert low "x" to outside'.padEnd(RULE_CHARS))).toEqual([]);
    expect(faultsOf('alert low "x" to outside'.padEnd(RULE_CHARS + 1))).toHaveLength(1);
  });

  it('cut off anywhere is read or told where it is wrong, within its text', () => {
    const lines = whole.split('\n').length;
    for (let length = 0; length < whole.length; length += 1) {
      const parsed = parseRule(whole.slice(0, length));
      if (parsed.ok) continue;
      for (const { place } of parsed.faults) expect(place.line).toBeLessThanOrEqual(lines);
      expect(parsed.faults.length).toBeGreaterThan(0);
    }
  });

  it('never fails on words in any order', () => {
    const words = fc.constantFrom(...whole.split(/(\s+|,)/), '"', '\\', 'except', '0', '99999999999');
    fc.assert(
      fc.property(fc.array(words, { maxLength: 60 }), (some) => {
        const parsed = parseRule(some.join(' '));
        expect(parsed.ok || parsed.faults.length > 0).toBe(true);
      }),
    );
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => void parseRule(text)));
  });
});

describe('judging', () => {
  const facts: Record<string, RuleFacts> = {
    '10.0.0.1': { name: 'Pump-7', class: 'infusion-pump', criticality: 'life-critical', zones: ['Ward 3'] },
    '10.0.0.4': { name: 'Unknown device', class: null, criticality: 'unknown', zones: [] },
    '10.0.0.3': { name: 'PACS', class: 'pacs', criticality: 'high', zones: [] },
  };
  const known = { factsOf: (device: string) => facts[device] ?? null, minuteOfWeek: minuteOfWeekIn('UTC') };
  const found = (text: string, conversations: Partial<Conversation>[]) => {
    const trial = new RuleTrial({ ...known, rules: [judgeOf('a rule', ruleOf(`alert high "x" ${text}`))] });
    trial.take(conversations.map(conversationOf));
    return trial.found;
  };
  const endpoint = (ip: string, vlan: number | null = null) => ({ mac: null, ip, vlan });
  const outside = endpoint('198.51.100.7');

  it.each<[string, Partial<Conversation>, boolean]>([
    ['from class infusion-pump', {}, true],
    ['from class infusion-pump', { client: endpoint('10.0.0.3') }, false],
    ['from criticality life-critical', {}, true],
    ['from zone "Ward 3"', {}, true],
    ['from zone "Ward 4"', {}, false],
    ['from named "pump-*"', {}, true],
    ['from named "pump-7"', {}, true],
    ['from named "pump-"', {}, false],
    ['from class infusion-pump except named "pump-7"', {}, false],
    ['to outside', { server: outside }, true],
    ['to outside except address 198.51.100.0/24', { server: outside }, false],
    ['to outside', {}, false],
    ['to inside', {}, true],
    ['to unknown', {}, true],
    ['to unknown', { server: endpoint('10.0.0.3') }, false],
    ['to unknown', { server: endpoint('10.0.0.4') }, true],
    ['to unknown', { server: outside }, false],
    ['to vlan 7', { server: endpoint('10.0.0.9', 7) }, true],
    ['to address 10.0.0.0/30', {}, true],
    ['to address 10.0.0.4/30', {}, false],
    ['to address 2001:db8::/32', { server: endpoint('2001:db8:1::1') }, true],
    ['to address 2001:db8::ffff:10.0.0.2/128', { server: endpoint('2001:db8::ffff:a00:2') }, true],
    ['to address ::/0', { server: endpoint('2001:db8:1::1') }, true],
    ['to address ::/0', {}, false],
    ['to address 0.0.0.0/0', {}, true],
    ['to address 02:00:00:00:00:02', {}, true],
    ['over tcp/1000', {}, true],
    ['over tcp except tcp/1000', {}, false],
    ['over udp', {}, false],
    ['over hl7', { application: 'hl7' }, true],
    ['over tcp in clear', { protection: 'clear' }, true],
    ['over tcp in clear', {}, false],
    ['over tcp unanswered', { packetsFromServer: 0 }, true],
    ['over tcp unanswered', {}, false],
  ])('%s of %j: %s', (text, over, expected) => {
    expect(found(text, [over])).toHaveLength(expected ? 1 : 0);
  });

  // 1 January 1970 was a Thursday.
  it.each([
    ['Thu 22:00-06:00', 23 * HOUR, true],
    ['Thu 22:00-06:00', 29 * HOUR, true],
    ['Thu 22:00-06:00', 30 * HOUR, false],
    ['Thu 22:00-06:00', 5 * HOUR, false],
    ['Fri', 24 * HOUR, true],
    ['Sun-Tue', 72 * HOUR, true],
    ['Sun 22:00-06:00', 100 * HOUR, true],
    ['08:00-12:00', 12 * HOUR, false],
  ])('at %s, hour %d of the epoch: %s', (hours, firstSeen, expected) => {
    expect(found(`over tcp at ${hours}`, [{ firstSeen }])).toHaveLength(expected ? 1 : 0);
  });

  it('knows the hours of a place, summer time included', () => {
    const july = Date.UTC(2026, 6, 1, 12) * 1000;
    const january = Date.UTC(2026, 0, 7, 12) * 1000;
    const berlin = minuteOfWeekIn('Europe/Berlin');
    expect(berlin(july) - minuteOfWeekIn('UTC')(july)).toBe(120);
    expect(berlin(january) - minuteOfWeekIn('UTC')(january)).toBe(60);
    expect(minuteOfWeekIn('Asia/Kolkata')(july + 60_000_000)).toBe(minuteOfWeekIn('UTC')(july) + 331);
  });

  it.each([
    ['more than 1 kB sent in 1 h', 1, 600, 0],
    ['more than 1 kB sent in 1 h', 2, 600, 1],
    ['more than 3 connections in 1 h', 3, 0, 0],
    ['more than 3 connections in 1 h', 4, 0, 1],
  ])('%s, of %d conversations of %d bytes: %d', (amount, count, bytesFromClient, expected) => {
    const all = Array.from({ length: count }, (_, index) => ({
      bytesFromClient,
      firstSeen: index * 60_000_000,
    }));
    expect(found(`over tcp ${amount}`, all)).toHaveLength(expected);
    // The same over days is less at a time.
    const apart = all.map((one, index) => ({ ...one, firstSeen: index * 25 * HOUR }));
    expect(found(`over tcp ${amount}`, apart)).toHaveLength(0);
  });

  it('counts peers, and tells one alert for one device', () => {
    const to = (last: number) => ({ server: endpoint(`10.0.1.${last}`), firstSeen: last });
    const some = Array.from({ length: 9 }, (_, index) => to(index + 1));
    expect(found('over tcp more than 9 peers in 1 h', some)).toEqual([]);
    const [alert, ...others] = found('over tcp more than 5 peers in 1 h', some);
    expect(others).toEqual([]);
    expect(alert).toMatchObject({
      detection: 'own-rule',
      severity: 'high',
      targetCount: 9,
      facts: { rule: 'a rule' },
    });
  });

  it('goes on counting in a watch that was stored, and says nothing once it is switched off', () => {
    const rules = {
      ...known,
      rules: [judgeOf('a rule', ruleOf('alert low "x" over tcp more than 1 kB sent in 1 h'))],
    };
    const told = (watch: Watch, at: number) =>
      watch
        .take([conversationOf({ bytesFromClient: 600, firstSeen: at })], [])
        .filter(({ detection }) => detection === 'own-rule');
    const watch = new Watch('unlearnt');
    watch.rule(rules);
    expect(told(watch, 0)).toEqual([]);
    const stored = readWatch(JSON.parse(JSON.stringify(watch.save())));
    if (!('watch' in stored)) throw new Error('not read');
    stored.watch.rule(rules);
    expect(told(stored.watch, 1_000_000)).toHaveLength(1);
    stored.watch.rule(null);
    expect(told(stored.watch, 2_000_000)).toEqual([]);
  });
});

describe('addresses', () => {
  it.each([
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '1.2.3.256',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    '12345::',
    'g::',
    '1.2.3.4::',
    '::1.2.3',
    '',
  ])('takes %j for none', (text) => {
    expect(addressNumber(text)).toBeNull();
  });

  it('agrees with the address parser of the platform', () => {
    const hex = fc.array(fc.constantFrom('0', '1', 'ffff', 'a0', ''), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.ipV4(),
          fc.ipV6(),
          hex.map((words) => words.join(':')),
        ),
        (text) => {
          expect(addressNumber(text) !== null).toBe(isIP(text) !== 0);
        },
      ),
    );
  });
});
