import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IDENTIFIER_CHARS } from '../limits.ts';
import { hasSharedData, sharedFiles, sharedText } from '../testing/shared-data.ts';
import { covers, parseCpe, printCpe, relate } from './cpe.ts';
import { buildPurl, type Purl, packageOf, printPurl, readPurl } from './purl.ts';

interface Case {
  description: string;
  test_group: string;
  test_type: 'parse' | 'build' | 'validate';
  input: unknown;
  expected_output: unknown;
  expected_failure?: boolean;
}

/** The suite asks for both: mixed case in the keys of qualifiers is read for Maven, and refused for RPM. It is read here. */
const contradicted = 'pkg:Rpm/fedora/curl@7.50.3-1.fc25?Arch=i386&Distro=fedora-25';

const parts = (value: unknown): Purl => {
  const { type, name, qualifiers, ...rest } = value as Purl;
  return { ...rest, type: type ?? '', name: name ?? '', qualifiers: qualifiers ?? {} };
};

function judged({
  test_type: kind,
  input,
  expected_output: expected,
  expected_failure: fails,
}: Case): boolean {
  const reading = kind === 'build' ? buildPurl(parts(input)) : readPurl(input as string);
  if (!reading.ok || fails === true) return !reading.ok && fails === true;
  if (kind !== 'parse') return printPurl(reading.purl) === expected;
  const { qualifiers } = reading.purl;
  const plain = { ...reading.purl, qualifiers: Object.keys(qualifiers).length > 0 ? qualifiers : null };
  return JSON.stringify(sorted(plain)) === JSON.stringify(sorted(expected));
}

const sorted = (value: unknown): unknown =>
  typeof value === 'object' && value !== null
    ? Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, one]) => [key, sorted(one)])
    : value;

describe.runIf(hasSharedData)('conformance', () => {
  it('judges every case of the package URL suite but the one that it contradicts itself', () => {
    const wrong: string[] = [];
    let cases = 0;
    for (const path of sharedFiles('sbom/purl/tests/**/*.json'))
      for (const one of (JSON.parse(sharedText(path)) as { tests: Case[] }).tests) {
        cases += 1;
        if (!judged(one)) wrong.push(`${path} ${one.test_type} ${JSON.stringify(one.input)}`);
      }
    console.log(`package URL cases: ${cases}, judged otherwise: ${wrong.length}`);
    expect(wrong).toEqual([expect.stringContaining(`parse ${JSON.stringify(contradicted)}`)]);
    expect(cases).toBe(238);
  });

  it('reads every CPE of the shared list in both bindings, and writes it back', () => {
    const list = JSON.parse(sharedText('sbom/cpe/cpe-data.json')) as {
      'cpe-string': string;
      'cpe-url': string;
      wfn: Record<string, string>;
    }[];
    for (const { 'cpe-string': text, 'cpe-url': uri, wfn } of list) {
      const cpe = parseCpe(text);
      expect(cpe, text).not.toBeNull();
      expect(cpe!.product, text).toMatchObject({ text: wfn.Product!.replace(/\\(.)/g, '$1').toLowerCase() });
      expect(printCpe(cpe!)).toBe(text.toLowerCase());
      expect(parseCpe(uri), uri).toEqual(cpe);
    }
    console.log(`CPE names in both bindings: ${list.length}`);
  });
});

const word = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 8 })
  .filter((text) => !/^\.{0,2}$|\//.test(text));
const purls = fc.record({
  type: fc.constantFrom('generic', 'x-own', 'docker'),
  namespace: fc.option(fc.array(word, { minLength: 1, maxLength: 3 }).map((list) => list.join('/'))),
  name: word,
  version: fc.option(word),
  qualifiers: fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9]{0,3}$/), word, { maxKeys: 3 }),
  subpath: fc.option(fc.array(word, { minLength: 1, maxLength: 3 }).map((list) => list.join('/'))),
});

it('reads every package URL that it prints, and no text makes it fail', () => {
  fc.assert(
    fc.property(purls, (purl) => {
      const built = buildPurl(purl);
      const again = readPurl(built.ok ? printPurl(built.purl) : '');
      expect(again).toEqual(built);
    }),
  );
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('p', 'k', 'g', ':', '/', '@', '?', '=', '&', '#', '%', '2') }),
      (text) => {
        const reading = readPurl(`pkg:${text}`);
        if (reading.ok) expect(readPurl(printPurl(reading.purl))).toEqual(reading);
      },
    ),
  );
  expect(readPurl(`pkg:npm/${'a'.repeat(IDENTIFIER_CHARS - 8)}`).ok).toBe(true);
  expect(readPurl(`pkg:npm/${'a'.repeat(IDENTIFIER_CHARS - 7)}`)).toMatchObject({
    ok: false,
    part: 'scheme',
  });
  expect(packageOf('pkg:npm/%40Scope/A@1?x=y#z')).toBe('pkg:npm/%40Scope/a');
});

const name = (product: string, version: string) =>
  parseCpe(`cpe:2.3:a:acme:${product}:${version}:*:*:*:*:*:*:*`)!;

it('holds names against each other as NISTIR 7696 does', () => {
  expect(covers(name('app', '*'), name('app', '1.0'))).toBe('yes');
  expect(covers(name('app', '1.0'), name('app', '*'))).toBe('unknown');
  expect(covers(name('app', '-'), name('app', '1.0'))).toBe('no');
  expect(covers(name('app', '1.0'), name('app', '-'))).toBe('no');
  expect(covers(name('app', '-'), name('app', '-'))).toBe('yes');
  expect(covers(name('app', '1.?'), name('app', '1.5'))).toBe('yes');
  expect(covers(name('app', '1.?'), name('app', '1.55'))).toBe('no');
  expect(covers(name('app', '1.*'), name('app', '1.5.5'))).toBe('yes');
  expect(relate(name('app', '1.0').version, name('app', '1.*').version)).toBe('undefined');
  expect(covers(name('a\\:b', '1\\.0'), name('a\\:b', '1.0'))).toBe('yes');
});

it.each([
  'cpe:2.3:a:b',
  'cpe:2.3:x:b:c:*:*:*:*:*:*:*:*',
  'cpe:2.3:a:b:c d:*:*:*:*:*:*:*:*',
  'cpe:/a:b:c:d:e:~f',
  'none',
])('fail/%s is no name', (text) => expect(parseCpe(text)).toBeNull());
