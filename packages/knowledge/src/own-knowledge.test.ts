import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { knowledgeFiles, loadKnowledge } from './load.ts';
import { KnowledgeError } from './located-error.ts';
import { fingerprintFaults } from './own-faults.ts';
import { readKnowledgeFolder } from './own-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wardline-knowledge-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(path: string, content: string | Uint8Array | object): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  const data =
    typeof content === 'object' && !(content instanceof Uint8Array) ? JSON.stringify(content) : content;
  writeFileSync(join(folder, path), data);
}

/** The fault's text of what lies in the folder. */
function fault(): string {
  try {
    loadKnowledge(readKnowledgeFolder(folder));
  } catch (error) {
    if (error instanceof KnowledgeError) return error.message;
    throw error;
  }
  return 'no fault';
}

const provenance = { source: 'St. Example, ward 4', licence: 'Apache-2.0' };
const rule = {
  id: 'acme.flow',
  when: { fact: 'vendorClass', matches: '^ACME (Flow \\d+)' },
  claims: [
    { attribute: 'model', value: '$1' },
    { attribute: 'class', value: 'infusion-pump' },
  ],
  strength: 'medium',
  examples: [{ text: 'ACME Flow 300', expect: { model: 'Flow 300' } }],
};
const fingerprints = (own: object, kind = 'dhcp.client') => ({
  ...provenance,
  kind,
  group: 'dhcp',
  firstMatch: false,
  rules: [{ ...rule, ...own }],
});

test('reads a folder laid out as ours, and passes notes over', () => {
  put('README.md', 'notes');
  put('fingerprints/LICENSE-acme.txt', 'licence');
  put('fingerprints/.swp', 'x');
  put('fingerprints/ours.json', fingerprints({}));
  put('default-credentials/ours.tsv', 'ACME pump\tward\tward\n');
  const knowledge = loadKnowledge(readKnowledgeFolder(folder));
  expect(knowledge.fingerprints.match('dhcp.client', { vendorClass: 'ACME Flow 7' })).toMatchObject([
    { value: 'Flow 7' },
    { value: 'infusion-pump' },
  ]);
  expect(knowledge.defaultProducts.get('ACME pump default')).toEqual(['ACME pump']);
});

test('takes a class of its own, in a group of ours', () => {
  const entry = {
    id: 'ecmo',
    label: 'ECMO machine',
    group: 'infusion-therapy',
    criticality: 'life-critical',
    dataSensitivity: 'possible-phi',
    description: 'Oxygenates blood outside the body.',
  };
  put('classes/ours.json', { ...provenance, classes: [entry] });
  expect(loadKnowledge(readKnowledgeFolder(folder)).taxonomy.isClinical('ecmo')).toBe(true);
});

test.each([
  [
    'fingerprint/ours.json',
    '{}',
    'fingerprint/ours.json, file, path: a file in one of the folders baselines',
  ],
  ['ours.json', '{}', 'ours.json, file, path: a file in one of the folders baselines'],
  ['fingerprints/ours.jsonc', '{}', 'fingerprints/ours.jsonc, file, path: a file in one of'],
  ['fingerprints/ours.json', Uint8Array.of(0xff, 0xfe), 'fingerprints/ours.json, file, text: text in UTF-8'],
  [
    'fingerprints/ours.json',
    fingerprints({}, 'dhcp.cleint'),
    'file, kind: a kind of sighting, not "dhcp.cleint"',
  ],
  [
    'fingerprints/ours.json',
    fingerprints({ when: { fact: 'vendorclass', contains: 'ACME' } }),
    'acme.flow, fact: a fact of dhcp.client, not "vendorclass": hostname, vendorClass',
  ],
  [
    'fingerprints/ours.json',
    fingerprints({ examples: [{ text: 'Acme Fluss 300' }] }),
    'acme.flow, examples.0: a text that the rule matches; "Acme Fluss 300" it does not',
  ],
  [
    'fingerprints/ours.json',
    fingerprints({ examples: [{ text: 'ACME Flow 300', expect: { model: '300' } }] }),
    'acme.flow, examples.0: model "300"; the rule says "Flow 300"',
  ],
  [
    'vendors/ours.json',
    { ...provenance, vendors: [{ name: 'ACME', aliases: ['ACME Ltd'], hints: ['pump'] }] },
    'vendors/ours.json, ACME, hints: a class of the taxonomy, not "pump"',
  ],
])('locates what is wrong in %s', (path, content, text) => {
  put(path, content);
  expect(fault()).toContain(text);
});

test('refuses a folder that is not there, or holds nothing', () => {
  expect(fault()).toContain('file, files: a file in one of the folders');
  expect(() => readKnowledgeFolder(join(folder, 'gone'))).toThrow('a folder that can be read (ENOENT)');
});

test('finds nothing wrong in what ships', () => {
  expect(knowledgeFiles().length).toBeGreaterThan(30);
  expect(fingerprintFaults(loadKnowledge().fingerprints.files)).toEqual([]);
});
