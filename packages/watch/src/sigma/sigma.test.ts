import type { LogLine } from '@wardline/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Watch } from '../engine/watch.ts';
import { fact, NOON, SECOND } from '../testing/scenes.ts';
import { REGEX_INSTRUCTIONS, SIGMA_CHARS, SIGMA_DOCUMENTS } from './limits.ts';
import { fits, patternOf } from './pattern.ts';
import { isSigma, parseSigma } from './read.ts';
import { readRegex } from './regex.ts';

function line(text: string, over: Partial<LogLine> = {}, second = 0): LogLine {
  return {
    at: NOON + second * SECOND,
    stated: null,
    source: { mac: null, ip: '10.0.0.7', vlan: null },
    transport: 'udp',
    form: 'rfc5424',
    facility: 10,
    severity: 5,
    host: 'gate',
    application: 'sshd',
    process: '99',
    messageId: null,
    fields: {},
    text,
    evidence: { capture: 'syslog', packet: second + 1 },
    ...over,
  };
}

const indented = (text: string) => text.replaceAll(/^/gm, '  ');
const ruleText = (detection: string, source = 'product: linux\nservice: sshd') =>
  `title: A rule\nlevel: high\nlogsource:\n${indented(source)}\ndetection:\n${indented(detection)}\n`;
const ruleOf = (text: string) => {
  const parsed = parseSigma(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.rule;
};
const faultsOf = (text: string) => {
  const parsed = parseSigma(text);
  return parsed.ok
    ? []
    : parsed.faults.map(({ message, place }) => `${place.line}:${place.column} ${message}`);
};
function told(text: string, lines: LogLine[], sightings: Parameters<Watch['take']>[1] = []) {
  const watch = new Watch('unlearnt');
  const rule = ruleOf(text);
  const logRules = [
    { name: 'r', rule, facts: rule.searches.some(({ source }) => source.product === 'wardline') },
  ];
  watch.rule({ rules: [], logRules, factsOf: () => null, minuteOfWeek: () => 0 });
  return watch.take([], sightings, lines).filter(({ detection }) => detection === 'own-rule');
}
const finds = (detection: string, ...lines: LogLine[]) => told(ruleText(detection), lines).length > 0;
/** One search with one field. */
const field = (key: string, value: string, one: LogLine) =>
  finds(`s:\n  ${key}: ${value}\ncondition: s`, one);

describe('values', () => {
  const root = line('Failed password for root from 10.0.0.5 port 22 ssh2', {
    fields: {
      user: 'Root',
      src: '10.0.0.5',
      n: '17',
      when: '2026-11-26T22:14:15Z',
      path: 'C:\\Tools\\nc.exe',
      cmd: 'run –enc SQBFAFgA',
      both: 'root',
      empty: '',
    },
  });

  it.each<[string, string, boolean]>([
    ['user', 'root', true],
    ['user|cased', 'root', false],
    ['user|cased', 'Root', true],
    ['user', 'roo', false],
    ['user', 'r*t', true],
    ['user', 'r?ot', true],
    ['user', 'r?t', false],
    ['USER', 'root', true],
    ['user|contains', 'oo', true],
    ['user|startswith', 'ro', true],
    ['user|startswith', 'oo', false],
    ['user|endswith', 'ot', true],
    ['message|contains|all', '[Failed, root]', true],
    ['message|contains|all', '[Failed, admin]', false],
    ['message|contains', '[admin, root]', true],
    ['user|re', 'r.{2}t', false],
    ['user|re', '^[Rr]oo+t$', true],
    ['user|re|i', 'ROOT', true],
    ['src|cidr', '10.0.0.0/8', true],
    ['src|cidr', '192.168.0.0/16', false],
    ['src|cidr', '2001:db8::/32', false],
    ['n|gt', '16', true],
    ['n|gte', '17', true],
    ['n|lt', '17', false],
    ['n|lte', '17', true],
    ['user|gt', '1', false],
    ['user|exists', 'true', true],
    ['user|exists', 'false', false],
    ['nobody|exists', 'false', true],
    ['nobody', 'null', true],
    ['user', 'null', false],
    ['empty', "''", true],
    ['user|neq', 'root', false],
    ['user|neq', '[a, b]', true],
    ['user|fieldref', 'both', true],
    ['user|fieldref', 'src', false],
    ['message|fieldref|contains', 'src', true],
    ['when|hour', '22', true],
    ['when|hour|gte', '23', false],
    ['when|week', '48', true],
    ['when|month', '11', true],
    ['path', "'C:\\Tools\\*.exe'", false],
    ['path', "'C:\\Tools\\\\*.exe'", true],
    ['path|endswith', "'\\nc.exe'", true],
    ['path', "'C:\\\\Tools\\\\nc.exe'", true],
    ['cmd|windash|contains', "' -enc '", true],
    ['cmd|contains', "' -enc '", false],
    ['cmd|wide|base64offset|contains', 'IEX', true],
    ['hostname', 'gate', true],
    ['severity', 'notice', true],
    ['facility', 'authpriv', true],
    ['pid', '99', true],
    ['n', '17', true],
  ])('%s: %s is fulfilled: %s', (key, value, expected) => {
    expect(field(key, value, root)).toBe(expected);
  });

  it.each(['foo', 'foobar', 'a foo', 'xyzfoobar'])(
    'finds what stands in base64 behind whatever: %s',
    (text) => {
      for (const before of ['', 'a', 'ab', 'abc']) {
        const encoded = btoa(`${before}${text} and more`);
        expect(field('message|base64offset|contains', 'foo', line(encoded))).toBe(true);
      }
      expect(field('message|base64|contains', 'foo', line(btoa('foo')))).toBe(true);
      expect(field('message|base64offset|contains', 'foo', line(btoa('bar')))).toBe(false);
    },
  );

  it.each<[string, string, boolean]>([
    ['a\\*b', 'a*b', true],
    ['a\\*b', 'axb', false],
    ['a\\\\*', 'a\\xyz', true],
    ['a\\b', 'a\\b', true],
    ['*a*a*b', 'a'.repeat(2000), false],
    ['', '', true],
    ['*', '', true],
    ['?', '', false],
  ])('the pattern %s fits %s: %s', (pattern, text, expected) => {
    expect(fits(patternOf(pattern), text, false)).toBe(expected);
  });
});

describe('searches and conditions', () => {
  const failed = line('Failed password for root');

  it.each<[string, boolean]>([
    ['keywords:\n  - failed password\n  - nothing\ncondition: keywords', true],
    ["keywords:\n  '|all':\n    - failed\n    - root\ncondition: keywords", true],
    ["keywords:\n  '|all':\n    - failed\n    - admin\ncondition: keywords", false],
    ['s: failed\ncondition: s', true],
    ['s:\n  - hostname: other\n  - hostname: gate\ncondition: s', true],
    ['s:\n  hostname: gate\n  pid: 1\ncondition: s', false],
    ['a: failed\nb: nothing\ncondition: a and not b', true],
    ['a: failed\nb: nothing\ncondition: not a or b', false],
    ['a: failed\nb: nothing\nc: root\ncondition: (a or b) and c', true],
    ['a: nothing\nb: failed\nc: root\ncondition: a and b or c', true],
    ['sel_a: failed\nsel_b: nothing\ncondition: 1 of sel_*', true],
    ['sel_a: failed\nsel_b: nothing\ncondition: all of sel_*', false],
    ['a: failed\n_b: nothing\ncondition: all of them', true],
    ['a: failed\nb: nothing\ncondition: not 1 of b*', true],
    ['a: nothing\nb: failed\ncondition:\n  - a\n  - b', true],
    ['a: FAILED\ncondition: NOT a', false],
  ])('%j: %s', (detection, expected) => {
    expect(finds(detection, failed)).toBe(expected);
  });

  it.each<[string, Partial<LogLine>, boolean]>([
    ['service: sshd', {}, true],
    ['service: sudo', {}, false],
    ['service: auth', { application: 'su' }, true],
    ['service: auth', { application: 'su', facility: 3 }, false],
    ['service: cron', { application: 'x', facility: 9 }, true],
    ['service: syslog', { application: null }, true],
    ['product: linux', { application: 'x' }, true],
    ['product: wardline\nservice: http.client', {}, false],
  ])('of %j takes %j: %s', (source, over, expected) => {
    expect(told(ruleText('s: failed\ncondition: s', source), [line('failed', over)]).length > 0).toBe(
      expected,
    );
  });

  it('looks at facts of protocols', () => {
    const text = ruleText(
      's:\n  userAgent|contains: sqlmap\n  port: 80\ncondition: s',
      'product: wardline\nservice: http.client',
    );
    const service = { transport: 'tcp', port: 80 } as never;
    const [alert] = told(
      text,
      [],
      [fact('http.client', 3, { userAgent: 'sqlmap/1.7' } as never, 5, { service })],
    );
    expect(alert).toMatchObject({ actor: '10.0.0.3', severity: 'high', facts: { rule: 'r' } });
  });
});

describe('what is told', () => {
  it('is one alert for what one device does, with its lines as evidence', () => {
    const lines = [0, 1, 2].map((second) => line('Failed password for root', {}, second));
    const [alert, ...others] = told(
      `description: Call extension 4711.\n${ruleText('s: failed\ncondition: s')}`,
      lines,
    );
    expect(others).toEqual([]);
    expect(alert).toMatchObject({
      title: 'A rule',
      actor: '10.0.0.7',
      count: 3,
      facts: { advice: 'Call extension 4711.' },
    });
    expect(alert!.summary).toBe('{actor} logged “sshd: Failed password for root”, which the rule “r” names.');
    expect(alert!.evidence.map(({ packet }) => packet)).toEqual([1, 2, 3]);
  });

  const base = `${ruleText('s: failed\ncondition: s').replace('title: A rule', 'title: Base\nname: base')}---\ntitle: Many\nlevel: critical\ncorrelation:\n`;
  const counts = (correlation: string, lines: LogLine[]) => told(base + indented(correlation), lines);
  const failures = (count: number, apart: number, user = (n: number) => `u${n}`) =>
    Array.from({ length: count }, (_, n) =>
      line('failed', { fields: { user: user(n), src: '10.0.0.5' } }, n * apart),
    );

  it('of a correlation is told once enough came within its span', () => {
    const count = 'type: event_count\nrules: [base]\ngroup-by: [src]\ntimespan: 1m\ncondition:\n  gte: 5';
    expect(counts(count, failures(4, 1))).toEqual([]);
    expect(counts(count, failures(5, 30))).toEqual([]);
    const [alert] = counts(count, failures(5, 1));
    expect(alert).toMatchObject({ title: 'Many', severity: 'critical', facts: { events: 5 } });
    expect(alert!.summary).toContain('5 such events within');
  });

  it('of values counts those that differ', () => {
    const values =
      'type: value_count\nrules: base\ngroup-by: [src]\ntimespan: 1h\ncondition:\n  field: user\n  gt: 3';
    expect(
      counts(
        values,
        failures(9, 1, () => 'same'),
      ),
    ).toEqual([]);
    expect(counts(values, failures(4, 1))).toHaveLength(1);
  });

  it.each<[string, string[], number]>([
    ['temporal', ['failed', 'accepted'], 1],
    ['temporal', ['accepted', 'failed'], 1],
    ['temporal', ['failed', 'failed'], 0],
    ['temporal_ordered', ['failed', 'accepted'], 1],
    ['temporal_ordered', ['accepted', 'failed'], 0],
  ])('%s of %j: %d', (type, texts, expected) => {
    const one = (name: string) =>
      ruleText(`s: ${name}\ncondition: s`).replace('title: A rule', `title: ${name}\nname: ${name}`);
    const text = `${one('failed')}---\n${one('accepted')}---\ntitle: Both\ncorrelation:\n  type: ${type}\n  rules: [failed, accepted]\n  timespan: 10m\n`;
    expect(
      told(
        text,
        texts.map((word, n) => line(word, {}, n)),
      ),
    ).toHaveLength(expected);
  });

  it('goes on counting in a watch that was stored', () => {
    const rule = ruleOf(
      base + indented('type: event_count\nrules: [base]\ntimespan: 1m\ncondition:\n  gte: 4'),
    );
    const rules = {
      rules: [],
      logRules: [{ name: 'r', rule, facts: false }],
      factsOf: () => null,
      minuteOfWeek: () => 0,
    };
    const watch = new Watch('unlearnt');
    watch.rule(rules);
    watch.take([], [], failures(2, 1));
    const resumed = new Watch('unlearnt');
    const state = JSON.parse(JSON.stringify(watch.save()));
    expect(resumed.wrongPart(state)).toBeNull();
    resumed.load(state);
    resumed.rule(rules);
    expect(resumed.take([], [], failures(2, 1))).toHaveLength(1);
  });
});

describe('what is not understood', () => {
  it.each<[string, string[]]>([
    [ruleText('s:\n  a|conains: x\ncondition: s'), ['8:5 The modifier “conains” is not known']],
    [ruleText('s: x\ncondition: s and t'), ['8:20 There is no search “t”']],
    [ruleText('s: x\ncondition: s | count() > 5'), ['8:16 Aggregations behind | are no longer Sigma']],
    [ruleText('s: x\ncondition: (s'), ['8:16 Expected a closing bracket']],
    [ruleText("s:\n  a|re: '(x'\ncondition: s"), ['8:12 This bracket is not closed']],
    [ruleText("s:\n  a|re: '(?=x)'\ncondition: s"), ['8:12 Of groups with a question mark']],
    [ruleText('s:\n  a|cidr: 10.0.0.0\ncondition: s'), ['8:13 cidr takes a network']],
    [ruleText('s: x'), ['7:3 “condition” is missing']],
    [ruleText('s: x\ntimeframe: 5m\ncondition: s'), ['8:3 “timeframe” is no longer Sigma']],
    [
      ruleText('s: x\ncondition: s', 'category: process_creation\nproduct: windows'),
      ['4:3 No category is known here', '4:3 Events of Windows'],
    ],
    [
      'title: x\nlevel: grave\nlogsource: {service: a}\ndetection: {s: x, condition: s}',
      ['2:8 Expected a level'],
    ],
    ['title: x\ndetection: {s: x, condition: s}', ['1:1 “logsource” is missing']],
    ['title: x\n  bad: [', ['2:9 Flow']],
    ['title: &a x\nlogsource: {service: *a}\ndetection: {s: x, condition: s}', ['2:22 Anchors and aliases']],
    ['- a', ['1:1 A rule is a map', '1:1 There is no rule']],
    ['', ['1:1 There is']],
  ])('%j is told with its place', (text, expected) => {
    const found = faultsOf(text);
    for (const one of expected)
      expect(
        found.some((fault) => fault.startsWith(one)),
        `${one} in ${found.join('; ')}`,
      ).toBe(true);
  });

  it('takes as much as its bounds, and not more', () => {
    const whole = ruleText('s: x\ncondition: s');
    expect(faultsOf(whole + '#'.repeat(SIGMA_CHARS - whole.length))).toEqual([]);
    expect(faultsOf(whole + '#'.repeat(SIGMA_CHARS - whole.length + 1))).toHaveLength(1);
    const many = (count: number) => Array.from({ length: count }, () => whole).join('---\n');
    expect(faultsOf(many(SIGMA_DOCUMENTS)).some((fault) => fault.includes('documents'))).toBe(false);
    expect(faultsOf(many(SIGMA_DOCUMENTS + 1)).some((fault) => fault.includes('documents'))).toBe(true);
    expect(readRegex(`a{${REGEX_INSTRUCTIONS - 1}}`, flags).ok).toBe(true);
    expect(readRegex(`a{${REGEX_INSTRUCTIONS}}`, flags).ok).toBe(false);
  });

  it('cut off anywhere is read or told where it is wrong, and so is whatever a key is pressed for', () => {
    const whole = ruleText(
      "s:\n  user|re: '^r(oo|x)t[a-z]+$'\n  src|cidr: 10.0.0.0/8\ncondition: s and not (s)",
    );
    for (let length = 0; length < whole.length; length += 1) {
      const parsed = parseSigma(whole.slice(0, length));
      expect(parsed.ok || parsed.faults.length > 0).toBe(true);
    }
    const words = fc.constantFrom(...whole.split(/(\s+|\W)/), '\n', '- ', ': ', '|', '*', '&a ', '!!x ');
    fc.assert(
      fc.property(fc.array(words, { maxLength: 60 }), (some) => {
        const parsed = parseSigma(some.join(''));
        expect(parsed.ok || parsed.faults.length > 0).toBe(true);
      }),
    );
  });

  it('tells rules of Sigma from those for conversations', () => {
    expect(isSigma(ruleText('s: x\ncondition: s'))).toBe(true);
    expect(isSigma('alert high "title: x"\nfrom outside')).toBe(false);
  });
});

const flags = { ignoreCase: false, multiline: false, dotAll: false };

describe('regular expressions', () => {
  const part = fc.constantFrom(
    'a',
    'b',
    '[ab]',
    '[^a]',
    '.',
    '(a|bb)',
    '(?:ab)?',
    'a*',
    'b+',
    'a{1,2}',
    '^',
    '$',
    '\\b',
    '\\w',
    '\\d',
    'a+?',
    '(a|b)*',
    'x|y',
  );

  it('find what those of the platform find', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), fc.stringMatching(/^[abxy1 ]{0,9}$/), (parts, text) => {
        const source = parts.join('');
        const read = readRegex(source, flags);
        if (!read.ok) return;
        expect(read.test(text), `${source} in ${JSON.stringify(text)}`).toBe(new RegExp(source).test(text));
      }),
    );
  });

  it('cost what a text is long, whatever it is', () => {
    const read = readRegex('^(a+)+$|(a|aa)*b|(.*)*c', flags);
    expect(read.ok && read.test('a'.repeat(2000))).toBe(true);
    expect(read.ok && read.test(`${'a'.repeat(1999)}!`)).toBe(false);
  });

  it.each(['(', ')', '[a', 'a**', '*', '\\', 'a{2,1}', '(?<=a)', '\\1', '[b-a]', '[[:alpha:]]', '\\p{L}'])(
    '%s is none',
    (source) => {
      expect(readRegex(source, flags).ok).toBe(false);
    },
  );
});
