import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VERS_CONSTRAINTS } from '../limits.ts';
import { hasSharedData, sharedFiles, sharedText } from '../testing/shared-data.ts';
import { versOfNative } from './native.ts';
import { comparerOf, printVersion } from './schemes.ts';
import { normaliseVers, printVers, readVers, versContains } from './vers.ts';

interface Case {
  test_type: 'parse' | 'validate' | 'containment' | 'comparison' | 'equality' | 'from_native';
  input: unknown;
  expected_output: unknown;
  expected_failure?: boolean;
}

type Input = {
  input_scheme: string;
  versions: string[];
  vers: string;
  version: string;
  native_range: string;
  scheme: string;
};

function answerTo({ test_type: kind, input }: Case): unknown {
  const asked = input as Input;
  if (kind === 'parse') {
    const reading = readVers(input as string);
    return reading.ok
      ? { scheme: reading.vers.scheme, version_constraints: reading.vers.constraints }
      : undefined;
  }
  if (kind === 'from_native') return versOfNative(asked.scheme, asked.native_range);
  if (kind === 'validate' || kind === 'containment') {
    const reading = normaliseVers(kind === 'validate' ? (input as string) : asked.vers);
    if (!reading.ok) return undefined;
    return kind === 'validate' ? printVers(reading.vers) : versContains(reading.vers, asked.version);
  }
  const compare = comparerOf(asked.input_scheme);
  if (kind === 'equality') return compare(asked.versions[0]!, asked.versions[1]!) === 0;
  const sorted = [...asked.versions].sort((a, b) => compare(a, b)!);
  return sorted.map((version) => printVersion(asked.input_scheme, version));
}

describe.runIf(hasSharedData)('conformance', () => {
  it('answers every case of the version range suite', () => {
    const counts: Record<string, number> = {};
    const wrong: string[] = [];
    for (const path of sharedFiles('sbom/vers/tests/*.json'))
      for (const one of (JSON.parse(sharedText(path)) as { tests: Case[] }).tests) {
        const answer = answerTo(one);
        counts[one.test_type] = (counts[one.test_type] ?? 0) + 1;
        const right =
          one.expected_failure === true ? answer === undefined : same(answer, one.expected_output);
        if (!right) wrong.push(`${path} ${JSON.stringify(one.input)}: ${JSON.stringify(answer)}`);
      }
    console.log('version range cases', counts, `answered otherwise: ${wrong.length}`);
    expect(wrong).toEqual([]);
    expect(Object.values(counts).reduce((a, b) => a + b, 0)).toBe(642);
  });
});

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Each list is in the order of its scheme, by that scheme's own documents. */
const ordered: [scheme: string, versions: string][] = [
  [
    'semver',
    '1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 1.0.1 1.10.0',
  ],
  ['deb', '1.0~rc1-1 1.0-1 1.0-1+deb12u1 1.0-2 1.0.1-1 1.9-1 1.10-1 1:0.9-1'],
  ['rpm', '1.0~rc1-1.el9 1.0-1.el8 1.0-1.el9 1.0^git1-1 1.0a-1 1.0.1-1 1.9-1 1.10-1 1:0.1-1'],
  ['apk', '1.0_alpha1 1.0_rc1 1.0 1.0-r1 1.0a 1.0b 1.0.1 1.0.1_p1 1.10'],
  ['pypi', '1.0.dev1 1.0a1.dev1 1.0a1 1.0b2 1.0rc1 1.0 1.0+local 1.0.post1 1.1 1.10 1!0.1'],
  ['gem', '1.0.a 1.0.b1 1.0 1.0.1 1.10'],
  ['maven', '1-alpha 1-beta 1-m1 1-rc 1-snapshot 1 1-sp 1-abc 1-1 1.1 1.10 2'],
  ['openssl', '0.9.8 0.9.8z 0.9.8za 1.1.1-pre1 1.1.1 1.1.1w 3.0.0-alpha1 3.0.0 3.0.10'],
];

it.each(ordered)('orders versions of %s as its own rules do', (scheme, text) => {
  const compare = comparerOf(scheme);
  const versions = text.split(' ');
  for (const [index, one] of versions.entries())
    for (const [place, other] of versions.entries())
      expect(Math.sign(compare(one, other)!), `${one} against ${other}`).toBe(Math.sign(index - place));
});

const version = fc.oneof(
  fc.stringMatching(/^[0-9]{1,2}(\.[0-9]{1,2}){0,3}(-?(a|rc|beta|p|r)[0-9]?)?$/),
  fc.string({
    unit: fc.constantFrom('1', '0', '.', '-', '~', '^', 'a', 'rc', '_', ':', '+', '!'),
    maxLength: 8,
  }),
);

it('orders without contradiction, in every scheme and for any text', () => {
  const schemes = [
    ...ordered.map(([scheme]) => scheme),
    'alpm',
    'datetime',
    'intdot',
    'lexicographic',
    'nuget',
  ];
  fc.assert(
    fc.property(fc.constantFrom(...schemes), version, version, version, (scheme, a, b, c) => {
      const compare = comparerOf(scheme);
      const [ab, ba, bc, ac] = [compare(a, b), compare(b, a), compare(b, c), compare(a, c)].map(
        (one) => one && Math.sign(one),
      );
      expect(ab === null ? null : ab! + 0).toBe(ba === null ? null : 0 - ba!);
      if (ab !== null && bc !== null && ab! <= 0 && bc! <= 0) expect(ac).toBeLessThanOrEqual(0);
    }),
    { numRuns: 2000 },
  );
});

it('tells what a range holds as its constraints say one by one', () => {
  const holds = (text: string, one: string) => {
    const reading = normaliseVers(text);
    return reading.ok ? versContains(reading.vers, one) : 'unread';
  };
  expect(holds('vers:npm/>=1.0.0|<1.5.0|>=2.0.0|!=2.1.0', '1.4.9')).toBe(true);
  expect(holds('vers:npm/>=1.0.0|<1.5.0|>=2.0.0|!=2.1.0', '1.5.0')).toBe(false);
  expect(holds('vers:npm/>=1.0.0|<1.5.0|>=2.0.0|!=2.1.0', '2.1.0')).toBe(false);
  expect(holds('vers:npm/>=1.0.0|<1.5.0|>=2.0.0|!=2.1.0', '3.0.0')).toBe(true);
  expect(holds('vers:deb/<3.0.11-1~deb12u2', '3.0.11-1~deb12u1')).toBe(true);
  expect(holds('vers:npm/!=1.0.0', '2.0.0')).toBe(true);
  expect(holds('vers:npm/<1.0.0', 'not a version')).toBeNull();
  expect(holds('npm/<1', '1')).toBe('unread');
  const many = (count: number) =>
    readVers(`vers:intdot/${Array.from({ length: count }, (_one, index) => index).join('|')}`).ok;
  expect([many(VERS_CONSTRAINTS), many(VERS_CONSTRAINTS + 1)]).toEqual([true, false]);
});
