import fc from 'fast-check';
import { XmlDocument } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import {
  LICENSE_DEPTH,
  SBOM_CHARS,
  SBOM_COMPONENTS,
  SBOM_FAULTS,
  SBOM_RELATIONSHIPS,
  XML_ATTRIBUTES,
  XML_DEPTH,
} from '../limits.ts';
import { hasSharedData, sharedFiles, sharedText } from '../testing/shared-data.ts';
import { cycloneDxOf } from './convert.ts';
import { viewCycloneDx } from './cyclonedx.ts';
import { sbomDifferences } from './differences.ts';
import { licenseFault } from './license-expression.ts';
import { readSbom, writeSbom } from './read.ts';
import type { Sbom, SbomComponent } from './sbom.ts';
import { parseXml, printXml, type XmlDocument as Xml } from './xml.ts';

const patterns = [
  'sbom/cyclonedx-spec-tests/**/*.{json,xml}',
  'sbom/cyclonedx-examples/**/*.{json,xml}',
  'sbom/{medical-device,spdx-examples}/**/*.{json,spdx}',
];

/** The text as another program writes what it read: equal where two texts are one document of XML. */
function canonical(text: string): string {
  const document = XmlDocument.fromString(text.replace(/^\ufeff?<\?xml[^?]*\?>\s*/, ''));
  try {
    return document.toString({ format: false });
  } finally {
    document.dispose();
  }
}

/** White space after a tag's colon is no part of its value. */
const spaced = (text: string): string => text.replaceAll('\r\n', '\n').replace(/^(\w+):[ \t]*/gm, '$1: ');

function expectSame(text: string, written: string, { format }: Sbom): void {
  if (format === 'cyclonedx-xml') expect(canonical(written)).toBe(canonical(text));
  else if (format === 'spdx-tag-value') expect(written).toBe(spaced(text));
  else expect(JSON.parse(written)).toEqual(JSON.parse(text));
}

describe.runIf(hasSharedData)('shared bills of materials', () => {
  it('writes every valid one back equal, carries the model over, and refuses every invalid one with the place', async () => {
    const counts: Record<string, { equal: number; refused: number; carried: number }> = {};
    const wrong: string[] = [];
    for (const path of patterns.flatMap(sharedFiles)) {
      const text = sharedText(path);
      const kind = `${path.split('/')[1]} ${path.slice(path.lastIndexOf('.') + 1)}`;
      counts[kind] ??= { equal: 0, refused: 0, carried: 0 };
      const reading = await readSbom(text);
      if (reading.ok === path.includes('/invalid-')) wrong.push(path);
      else if (!reading.ok) {
        counts[kind].refused += 1;
        if (reading.faults.some(({ place, message }) => place === '' || message === ''))
          wrong.push(`${path} (place)`);
      } else {
        const written = writeSbom(reading.sbom);
        expectSame(text, written, reading.sbom);
        const again = await readSbom(written);
        expect(again.ok && { ...again.sbom, document: 0 }).toEqual({ ...reading.sbom, document: 0 });
        counts[kind].equal += 1;
        if (await carriedOver(reading.sbom, path)) counts[kind].carried += 1;
      }
    }
    console.table(counts);
    expect(wrong).toEqual([]);
    const sum = (key: 'equal' | 'refused' | 'carried') =>
      Object.values(counts).reduce((all, one) => all + one[key], 0);
    expect([sum('equal'), sum('refused'), sum('carried')]).toEqual([290, 144, 237]);
  }, 180_000);
});

/** Is the whole component model there again after the way through CycloneDX 1.6? What is not is named. */
async function carriedOver(sbom: Sbom, path: string): Promise<boolean> {
  const { text, lost } = cycloneDxOf(sbom);
  const again = await readSbom(text);
  expect(again, path).toMatchObject({ ok: true });
  if (!again.ok || lost.length > 0 || sbom.components.some(({ type }) => type === 'service')) return false;
  expect(byRef(again.sbom), path).toEqual(byRef(sbom));
  return true;
}

/** Places stand for names only where a document gives none. */
const byRef = ({ components }: Sbom) =>
  components
    .map(({ ref: _ref, parent: _parent, licenses, ...rest }) => ({
      ...rest,
      licenses: licenses.map((one) => one.expression),
    }))
    .map((one) => JSON.stringify(one))
    .sort();

const part = (name: string, version: string, more: object = {}) => ({
  type: 'library',
  name,
  version,
  ...more,
});
const bom = (components: object[], more: object = {}) =>
  JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components, ...more });

async function read(text: string): Promise<Sbom> {
  const reading = await readSbom(text);
  if (!reading.ok) throw new Error(`${reading.faults[0]?.place}: ${reading.faults[0]?.message}`);
  return reading.sbom;
}

const sample = bom(
  [
    part('openssl', '3.0.1', {
      'bom-ref': 'ssl',
      purl: 'pkg:deb/debian/openssl@3.0.1',
      cpe: 'cpe:2.3:a:openssl:openssl:3.0.1:*:*:*:*:*:*:*',
    }),
  ],
  {
    metadata: { component: { type: 'device', name: 'Pump', version: '2.0', supplier: { name: 'Acme' } } },
    vulnerabilities: [
      {
        id: 'CVE-2026-1',
        analysis: { state: 'not_affected', justification: 'code_not_reachable' },
        affects: [{ ref: 'ssl' }],
      },
    ],
  },
);
const sampleXml = `<?xml version="1.0" encoding="UTF-8"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.4" version="1"><metadata><component type="device"><name>Pump</name>
<version>2.0</version></component></metadata><components><component type="library" bom-ref="ssl"><name>openssl</name>
<version>3.0.1</version><hashes><hash alg="MD5">0123456789abcdef0123456789abcdef</hash></hashes></component></components></bom>`;
const sampleTags = `SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: pump
DocumentNamespace: https://acme.example/pump
Creator: Organization: Acme (a@acme.example)
Created: 2026-01-02T03:04:05Z
PackageName: openssl
SPDXID: SPDXRef-ssl
PackageVersion: 3.0.1
PackageDownloadLocation: NOASSERTION
PackageLicenseDeclared: (MIT OR Apache-2.0) AND LicenseRef-1
ExternalRef: PACKAGE-MANAGER purl pkg:deb/debian/openssl@3.0.1
PackageComment: <text>two
lines</text>
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-ssl
LicenseID: LicenseRef-1
ExtractedText: <text>do as you like</text>`;

it('reads one component model out of every format', async () => {
  const [json, xml, tags] = await Promise.all([read(sample), read(sampleXml), read(sampleTags)]);
  expect(json).toMatchObject({ title: 'Pump 2.0', author: 'Acme', main: '/metadata/component' });
  expect(json.vulnerabilities[0]).toMatchObject({
    id: 'CVE-2026-1',
    status: 'not-affected',
    affects: [{ ref: 'ssl' }],
  });
  expect(xml.components[1]).toMatchObject({ ref: 'ssl', name: 'openssl', hashes: [{ algorithm: 'MD5' }] });
  expect(tags).toMatchObject({ main: 'SPDXRef-ssl', author: 'Acme', specVersion: '2.3' });
  expect(tags.components[0]).toMatchObject({
    purl: 'pkg:deb/debian/openssl@3.0.1',
    licenses: [{ expression: '(MIT OR Apache-2.0) AND LicenseRef-1', acknowledgement: 'declared' }],
  });
});

it.each([
  [
    'fail/an id twice',
    sampleTags.replace('SPDXRef-ssl\nPackageV', 'SPDXRef-DOCUMENT\nPackageV'),
    'line 8 (SPDXID)',
  ],
  [
    'fail/a relationship to nothing',
    sampleTags.replace('DESCRIBES SPDXRef-ssl', 'DESCRIBES SPDXRef-x'),
    'line 16 (relatedSpdxElement)',
  ],
  ['fail/an unknown tag', sampleTags.replace('PackageVersion', 'PackageVersionn'), 'line 10'],
  ['fail/a licence that is none', sampleTags.replace('OR Apache-2.0', 'OR OR'), 'line 8 (licenseDeclared)'],
  ['fail/a text that is not closed', sampleTags.replaceAll('</text>', ''), 'line 14'],
  ['fail/another version', sampleTags.replace('SPDX-2.3', 'SPDX-2.9'), 'line 1'],
  ['fail/a document type', sampleXml.replace('<bom', '<!DOCTYPE bom [<!ENTITY a "b">]>\n<bom'), 'line 2'],
  [
    'fail/an element that is not of the format',
    sampleXml.replace('<components>', '<wrong/><components>'),
    'line 3',
  ],
  ['fail/a version that is not of the format', sample.replace('"1.6"', '"1.1"'), '/specVersion'],
  ['fail/a property that is not of the format', sample.replace('"cpe":', '"cpee":'), '/components/0'],
  [
    'fail/two equal components',
    bom([part('a', '1'), { version: '1', name: 'a', type: 'library' }]),
    '/components',
  ],
])('%s', async (_name, text, place) => {
  const reading = await readSbom(text);
  expect(reading.ok ? null : reading.faults[0]?.place).toBe(place);
});

it.each([
  ['CycloneDX JSON', sample],
  ['CycloneDX XML', sampleXml],
  ['SPDX tag-value', sampleTags],
])('ends every truncation of %s in an answer', async (_name, text) => {
  for (let end = 0; end < text.length; end += 3) {
    const reading = await readSbom(text.slice(0, end));
    if (!reading.ok) expect(reading.faults.length).toBeGreaterThan(0);
  }
});

const name = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/);
const content = fc.string({
  unit: fc.constantFrom('a', '<', '&', '>', ']', '"', "'", '\n', '\t', '\r', 'é', '💉'),
});
const { node } = fc.letrec((tie) => ({
  node: fc.oneof({ maxDepth: 4 }, fc.record({ kind: fc.constant('text'), text: content }), tie('element')),
  element: fc.record({
    name,
    attributes: fc.uniqueArray(fc.record({ name, value: content }), {
      selector: (one) => one.name,
      maxLength: 3,
    }),
    children: fc.array(tie('node'), { maxLength: 4 }),
  }),
}));

it('reads every XML that it prints as it was', () => {
  const asElement = (value: unknown): unknown => {
    const one = value as { kind?: string; name: string; children: unknown[] };
    if (one.kind === 'text') return one;
    return { kind: 'element', local: one.name, uri: '', ...one, children: one.children.map(asElement) };
  };
  fc.assert(
    fc.property(node, (value) => {
      const root = asElement({ name: 'root', attributes: [], children: [value] });
      const printed = printXml({ declaration: null, nodes: [root] } as unknown as Xml);
      const reading = parseXml(printed);
      expect(reading.ok).toBe(true);
      expect(canonical(reading.ok ? printXml(reading.xml) : '')).toBe(canonical(printed));
    }),
    { numRuns: 200 },
  );
});

it('holds the bounds of XML and of licence expressions', () => {
  const nested = (depth: number) => '<a>'.repeat(depth) + '</a>'.repeat(depth);
  const wide = (count: number) =>
    `<a ${Array.from({ length: count }, (_one, index) => `b${index}=""`).join(' ')}/>`;
  expect(parseXml(nested(XML_DEPTH)).ok).toBe(true);
  expect(parseXml(nested(XML_DEPTH + 1))).toMatchObject({ ok: false, faults: [{ place: 'line 1' }] });
  expect(parseXml(wide(XML_ATTRIBUTES)).ok).toBe(true);
  expect(parseXml(wide(XML_ATTRIBUTES + 1)).ok).toBe(false);
  const bracketed = (depth: number) => `${'('.repeat(depth)}MIT${')'.repeat(depth)}`;
  expect(licenseFault(bracketed(LICENSE_DEPTH))).toBeNull();
  expect(licenseFault(bracketed(LICENSE_DEPTH + 1))).toContain('brackets');
  expect(licenseFault('GPL-2.0-only WITH Classpath-exception-2.0 OR (MIT and BSD-3-Clause)')).toBeNull();
  expect(licenseFault('MIT Apache-2.0')).toBe('unexpected Apache-2.0');
});

it('holds the bounds of documents', async () => {
  const parts = (count: number) =>
    viewCycloneDx({ components: Array.from({ length: count }, () => ({ name: 'a' })) });
  expect(parts(SBOM_COMPONENTS).ok).toBe(true);
  expect(parts(SBOM_COMPONENTS + 1)).toMatchObject({ ok: false, faults: [{ place: '/components' }] });
  const ends = (count: number) =>
    viewCycloneDx({ dependencies: [{ ref: 'a', dependsOn: Array<string>(count).fill('b') }] });
  expect(ends(SBOM_RELATIONSHIPS).ok).toBe(true);
  expect(ends(SBOM_RELATIONSHIPS + 1)).toMatchObject({ ok: false, faults: [{ place: '/dependencies' }] });
  const said = async (length: number) => {
    const reading = await readSbom(' '.repeat(length));
    return reading.ok ? '' : reading.faults[0]?.message;
  };
  expect(await said(SBOM_CHARS)).toContain('none of CycloneDX');
  expect(await said(SBOM_CHARS + 1)).toContain('longer than');
  expect(parseXml('<a><b/><b/></a>', 3).ok).toBe(true);
  expect(parseXml('<a><b/><b/></a>', 2)).toMatchObject({ ok: false });
  const faulty = sampleTags.replace(/PackageName:.*/s, 'PackageName: a\n'.repeat(SBOM_FAULTS));
  const reading = await readSbom(faulty);
  expect(reading.ok ? 0 : reading.faults.length).toBe(SBOM_FAULTS);
});

it('tells what is else between two versions, and pairs what has several versions', async () => {
  const before = await read(
    bom([part('a', '1'), part('b', '1'), part('c', '1'), part('d', '1'), part('d', '2')]),
  );
  const after = await read(
    bom([part('a', '1'), part('b', '2'), part('e', '1'), part('d', '2'), part('d', '3')]),
  );
  const { added, removed, changed, unchanged } = sbomDifferences(before, after);
  const named = (list: readonly SbomComponent[]) => list.map((one) => `${one.name} ${one.version}`);
  expect({ added: named(added), removed: named(removed), unchanged }).toEqual({
    added: ['e 1'],
    removed: ['c 1'],
    unchanged: 2,
  });
  expect(changed.map((one) => [one.before.name, one.before.version, one.after.version, one.what])).toEqual([
    ['b', '1', '2', ['version']],
    ['d', '1', '3', ['version']],
  ]);
});
