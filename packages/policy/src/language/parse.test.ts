import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { POLICY_TEXT_CHARACTERS } from '../limits.ts';
import type { Condition, Policy } from '../policy.ts';
import { policyArbitrary } from '../testing/random.ts';
import { nearest } from './diagnostic.ts';
import { parsePolicy } from './parse.ts';
import { printPolicy } from './print.ts';

const ward = `# Kept by network engineering.
policy "St. Anna" version 1
undeclared enforce

# All pumps of the intensive care unit.
zone pumps "Infusion pumps"
  members class is infusion-pump and (location is "ICU 3" or location contains annex) and not vendor is Unknown
zone servers
  members class in (pump-server, "drug library")
  addresses 10.20.0.0/24, 10.20.1.7, fd00:20::/64
zone internet
  outside 10.0.0.0/8, fd00::/8

service drug-library = tcp 443 8443-8445, udp 5000

conduit pumps-to-server "Pumps fetch their drug library"
  from pumps
  to servers
  allow drug-library, icmp 8
  mode enforce
  because "IFU 12.4"

must allow "A pump reaches its server"
  from pumps
  to servers
  service tcp 443

must deny "No pump speaks to the internet"
  from pumps
  to internet
  service any

exception "Supplier session" until 2026-12-31T18:00:00Z
  from servers
  to pumps
  allow tcp 22
  approved by "M. Weber"
  because "Ticket 4711"
`;

const errorsOf = (text: string) =>
  parsePolicy(text).diagnostics.filter(({ severity }) => severity === 'error');

it('reads zones, services, conduits, musts and exceptions', () => {
  const { policy, diagnostics } = parsePolicy(ward);
  expect(diagnostics).toEqual([]);
  expect(policy).toMatchObject({
    name: 'St. Anna',
    undeclared: 'enforce',
    notes: ['Kept by network engineering.'],
    zones: [
      { name: 'pumps', title: 'Infusion pumps', notes: ['All pumps of the intensive care unit.'] },
      { name: 'servers', addresses: ['10.20.0.0/24', '10.20.1.7', 'fd00:20::/64'] },
      { name: 'internet', members: null, outside: ['10.0.0.0/8', 'fd00::/8'] },
    ],
    conduits: [{ name: 'pumps-to-server', mode: 'enforce', because: 'IFU 12.4' }],
    exceptions: [{ until: '2026-12-31T18:00:00Z', approvedBy: 'M. Weber' }],
  });
  expect(policy?.zones[0]?.members).toEqual({
    all: [
      { attribute: 'class', in: ['infusion-pump'] },
      {
        any: [
          { attribute: 'location', in: ['ICU 3'] },
          { attribute: 'location', contains: 'annex' },
        ],
      },
      { not: { attribute: 'vendor', in: ['Unknown'] } },
    ],
  });
});

describe('what is printed is read again as the same policy:', () => {
  it('the ward', () => {
    const { policy } = parsePolicy(ward);
    expect(parsePolicy(printPolicy(policy!)).policy).toEqual(policy);
    expect(JSON.parse(JSON.stringify(policy))).toEqual(policy);
  });

  it('any policy', () => {
    fc.assert(
      fc.property(policyArbitrary, (policy) => {
        const parsed = parsePolicy(printPolicy(policy));
        expect(parsed.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
        expect(printPolicy(parsed.policy!)).toBe(printPolicy(policy));
        expect(JSON.parse(JSON.stringify(parsed.policy))).toEqual(parsed.policy);
      }),
      { numRuns: 300 },
    );
  });

  it('any condition and any text in quotes', () => {
    const text = fc
      .string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
      .filter((value) => !/[\r\n\u2028\u2029]/.test(value));
    const leaf: fc.Arbitrary<Condition> = fc.oneof(
      fc.record({
        attribute: fc.constantFrom('class' as const, 'location' as const),
        in: fc.array(text, { minLength: 1, maxLength: 3 }),
      }),
      fc.record({ attribute: fc.constant('model' as const), contains: text }),
    );
    const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
      condition: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.record({ all: fc.array(tie('condition'), { minLength: 2, maxLength: 3 }) }),
        fc.record({ any: fc.array(tie('condition'), { minLength: 2, maxLength: 3 }) }),
        fc.record({ not: tie('condition') }),
      ),
    }));
    fc.assert(
      fc.property(condition, text, (members, title) => {
        const policy = parsePolicy(ward).policy!;
        const changed: Policy = {
          ...policy,
          zones: [{ ...policy.zones[0]!, members, title }, ...policy.zones.slice(1)],
        };
        const again = parsePolicy(printPolicy(changed));
        expect(again.policy?.zones[0]?.title).toBe(title);
        expect(flat(again.policy!.zones[0]!.members!)).toEqual(flat(members));
      }),
      { numRuns: 300 },
    );
  });
});

/** `a and (b and c)` says what `a and b and c` says. */
function flat(condition: Condition): Condition {
  if ('not' in condition) return { not: flat(condition.not) };
  if ('all' in condition)
    return { all: condition.all.map(flat).flatMap((part) => ('all' in part ? part.all : [part])) };
  if ('any' in condition)
    return { any: condition.any.map(flat).flatMap((part) => ('any' in part ? part.any : [part])) };
  return condition;
}

describe('a fault is told where it stands, with what to write:', () => {
  const head = 'policy "x" version 1\n';
  it.each([
    ['zone pumps members clas is pump', 2, 20, 'unknown-attribute', 'class'],
    ['zon pumps members class is pump', 2, 1, 'expected-declaration', 'zone'],
    ['zone Pumps_1 members class is pump', 2, 6, 'bad-name', 'pumps-1'],
    ['zone a', 3, 1, 'empty-zone', null],
    ['zone a addresses 10.0.0.1/8', 2, 18, 'bad-address', null],
    ['zone a addresses 10.0.0.300', 2, 18, 'bad-address', null],
    ['service s = tpc 80', 2, 13, 'unknown-protocol', 'tcp'],
    ['service s = tcp 70000', 2, 17, 'bad-port', null],
    ['service s = gre 7', 2, 17, 'no-ports', null],
    ['zone a addresses 10.0.0.1\nconduit c from a to b allow tcp 1', 3, 21, 'unknown-zone', null],
    [
      'zone servers addresses 10.0.0.1\nconduit c from server to servers allow tcp 1',
      3,
      16,
      'unknown-zone',
      'servers',
    ],
    [
      'zone a addresses 10.0.0.1\nconduit c from a to a allow dicon\nservice dicom = tcp 104',
      3,
      29,
      'unknown-service',
      'dicom',
    ],
    ['zone a addresses 10.0.0.1\nzone a addresses 10.0.0.2', 3, 6, 'declared-twice', null],
    [
      'zone a addresses 10.0.0.1\nconduit c from a to a allow tcp 1 mode enforced',
      3,
      40,
      'unknown-mode',
      'enforce',
    ],
    [
      'zone a addresses 10.0.0.1\nexception "e" until 2026-13-01T00:00:00Z from a to a allow tcp 1',
      3,
      21,
      'bad-time',
      null,
    ],
    ['zone a members class is "open', 2, 25, 'open-string', '"open"'],
    ['zone a members (class is x', 3, 1, 'expected-bracket', ')'],
    ['zone anywhere addresses 10.0.0.1', 2, 6, 'reserved-name', null],
    ['zone a addresses 10.0.0.1 ;', 2, 27, 'stray-character', null],
  ])('%s', (text, line, column, code, suggestion) => {
    const [error] = errorsOf(head + text);
    expect(error).toMatchObject({ code, place: { line, column }, suggestion });
  });

  it('a version that it does not know', () => {
    expect(errorsOf('policy "x" version 2')[0]).toMatchObject({
      code: 'unknown-version',
      place: { line: 1, column: 20 },
    });
  });

  it('and reading goes on at the next declaration', () => {
    const errors = errorsOf(`${head}zone a nonsense\nservice s = tpc 1\nzone b addresses 10.0.0.1.1\n`);
    expect(errors.map(({ place, code }) => [place.line, code])).toEqual([
      [2, 'empty-zone'],
      [3, 'unknown-protocol'],
      [4, 'bad-address'],
    ]);
  });
});

it('warns of an exception without reason or approver, and of a service that nobody uses', () => {
  const text = `policy "x" version 1\nservice s = tcp 1\nzone a addresses 10.0.0.1\nexception "e" until 2026-12-01T00:00:00Z from a to a allow tcp 1\n`;
  const { policy, diagnostics } = parsePolicy(text);
  expect(policy).not.toBeNull();
  expect(diagnostics.map(({ code }) => code).toSorted()).toEqual([
    'no-reason',
    'not-approved',
    'unused-service',
  ]);
});

describe('hostile texts end in diagnostics:', () => {
  it('cut anywhere', () => {
    for (let end = 0; end < ward.length; end += 1)
      expect(() => parsePolicy(ward.slice(0, end))).not.toThrow();
  });

  it('with any characters', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...ward.split(/(\s+)/)), fc.string({ maxLength: 5 })), {
          maxLength: 60,
        }),
        (parts) => {
          const parsed = parsePolicy(parts.join(' '));
          expect(parsed.policy === null).toBe(
            parsed.diagnostics.some(({ severity }) => severity === 'error'),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it('nested without end, or without end at all', () => {
    const deep = `policy "x" version 1\nzone a members ${'('.repeat(100_000)}class is x`;
    expect(errorsOf(deep)[0]).toMatchObject({ code: 'too-deep' });
    expect(
      errorsOf(`policy "x" version 1\nzone a members ${'not '.repeat(100_000)}class is x`)[0],
    ).toMatchObject({ code: 'too-deep' });
    expect(parsePolicy(' '.repeat(POLICY_TEXT_CHARACTERS + 1)).diagnostics[0]).toMatchObject({
      code: 'too-long',
    });
    expect(parsePolicy(`policy "x" version 1\n${' '.repeat(1000)}`).policy).not.toBeNull();
  });
});

it('guesses the word that was meant, and none where none is near', () => {
  expect(nearest('montior', ['monitor', 'server'])).toBe('monitor');
  expect(nearest('zzz', ['monitor', 'server'])).toBeNull();
});
