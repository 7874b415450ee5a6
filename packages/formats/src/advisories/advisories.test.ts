import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ADVISORY_CHARS, ADVISORY_DEPTH } from '../limits.ts';
import { hasSharedData, sharedFiles, sharedText } from '../testing/shared-data.ts';
import { readKev } from './kev.ts';
import { readAdvisory } from './read.ts';
import { parseTree } from './tree.ts';

interface Case {
  name: string;
  valid: boolean;
}
interface Test {
  id: string;
  group: string;
  failures?: Case[];
  valid?: Case[];
}

const conformance = 'conformance/csaf-2.0-validator/';
const documents = 'advisories/{cisa-csaf,cisa-csaf-it-directory,vulnrichment}/**/*.json';
const isDocument = (path: string) => !/feed|provider-metadata|SOURCES/.test(path);

describe.runIf(hasSharedData)('shared advisories', () => {
  it('judges every mandatory case of the CSAF validator as its authors do', async () => {
    const { tests } = JSON.parse(sharedText(`${conformance}testcases.json`)) as { tests: Test[] };
    const present = new Set(sharedFiles(`${conformance}mandatory/*.json`));
    const cases = tests
      .filter((test) => test.group === 'mandatory')
      .flatMap((test) =>
        [...(test.failures ?? []), ...(test.valid ?? [])].map((one) => ({ ...one, id: test.id })),
      )
      .filter((one) => present.has(conformance + one.name));
    const wrong: string[] = [];
    for (const { name, valid, id } of cases) {
      const reading = await readAdvisory(sharedText(conformance + name));
      if (reading.ok !== valid) wrong.push(name);
      if (!reading.ok && !reading.faults.some(({ message }) => message.includes(`${id}:`)))
        wrong.push(`${name} (clause)`);
    }
    console.log(
      `CSAF 2.0 mandatory cases: ${cases.length} of ${present.size} files, ${wrong.length} judged wrongly`,
    );
    expect(wrong).toEqual([]);
    expect(cases.length).toBe(69);
  });

  it('reads every valid document, and loses no statement', async () => {
    const counts: Record<string, number> = {};
    const refused: string[] = [];
    for (const path of sharedFiles(documents).filter(isDocument)) {
      const reading = await readAdvisory(sharedText(path));
      if (!reading.ok) refused.push(`${path}: ${reading.faults[0]?.place} ${reading.faults[0]?.message}`);
      else counts[reading.advisory.format] = (counts[reading.advisory.format] ?? 0) + 1;
    }
    console.log('advisories read', counts);
    expect(refused).toEqual([]);
    expect(counts).toEqual({ csaf: 145, cve: 506 });
  });

  it('reads the whole KEV catalogue', () => {
    const [path] = sharedFiles('advisories/kev/**/known_exploited_vulnerabilities.json');
    const reading = readKev(sharedText(path!));
    expect(reading.ok && reading.exploited.length).toBe(1404);
  });
});

const vex = {
  '@context': 'https://openvex.dev/ns/v0.2.0',
  '@id': 'https://example.com/vex-1',
  author: 'Maker',
  timestamp: '2026-01-02T03:04:05Z',
  version: 1,
  statements: [
    {
      vulnerability: { name: 'CVE-2026-0001' },
      products: [{ '@id': 'pkg:generic/pump@1.0', subcomponents: [{ '@id': 'pkg:deb/debian/openssl@3.0' }] }],
      status: 'not_affected',
      justification: 'vulnerable_code_not_in_execute_path',
    },
  ],
};

describe('advisories', () => {
  it('holds what OpenVEX says of a component to the product that it is in', async () => {
    const reading = await readAdvisory(JSON.stringify(vex));
    const [statement] = reading.ok ? reading.advisory.statements : [];
    expect(statement).toMatchObject({
      status: 'not-affected',
      justification: 'vulnerable_code_not_in_execute_path',
      product: { purl: 'pkg:deb/debian/openssl@3.0' },
      within: { purl: 'pkg:generic/pump@1.0' },
    });
  });

  it('names the place of a fault', async () => {
    const wrong = { ...vex, statements: [{ ...vex.statements[0], justification: undefined }] };
    const reading = await readAdvisory(JSON.stringify(wrong));
    expect(reading).toMatchObject({ ok: false, faults: [{ place: '/statements/0/justification' }] });
    const csaf = await readAdvisory('{"document":{"csaf_version":"2.0"}}');
    expect(csaf.ok ? [] : csaf.faults.map((fault) => fault.place)).toContain('/document');
  });

  it('refuses what is nested too deeply, and takes what is just within', () => {
    const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
    expect(parseTree(nested(ADVISORY_DEPTH)).ok).toBe(true);
    expect(parseTree(nested(ADVISORY_DEPTH + 1)).ok).toBe(false);
  });

  it('refuses what is too long before it parses it', async () => {
    const reading = await readAdvisory(' '.repeat(ADVISORY_CHARS + 1));
    expect(reading.ok ? [] : reading.faults[0]?.message).toContain('longer than');
  });

  it('answers a document cut at any place with a located fault, never with an exception', async () => {
    const text = JSON.stringify(vex);
    for (let end = 0; end < text.length; end += 1)
      expect((await readAdvisory(text.slice(0, end))).ok).toBe(false);
  });

  it('survives any JSON in place of any part', async () => {
    const anything = fc.jsonValue();
    const part = fc.constantFrom('@id', 'author', 'timestamp', 'statements', 'version');
    await fc.assert(
      fc.asyncProperty(part, anything, async (key, value) => {
        expect(typeof (await readAdvisory(JSON.stringify({ ...vex, [key]: value }))).ok).toBe('boolean');
      }),
    );
    await fc.assert(
      fc.asyncProperty(anything, anything, async (cna, meta) => {
        const record = { dataType: 'CVE_RECORD', cveMetadata: meta, containers: { cna } };
        expect(typeof (await readAdvisory(JSON.stringify(record))).ok).toBe('boolean');
      }),
    );
  });
});
