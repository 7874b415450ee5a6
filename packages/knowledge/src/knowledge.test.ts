import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { knowledgeFiles, loadKnowledge } from './load.ts';
import { KnowledgeError } from './located-error.ts';
import { parseKnowledge } from './parse-knowledge.ts';

const files = knowledgeFiles();
const knowledge = loadKnowledge();

/** The fault's text of the knowledge with one file added or replaced. */
function faultOf(path: string, text: string): string {
  try {
    parseKnowledge([...files.filter((file) => file.path !== path), { path, text }]);
  } catch (error) {
    if (error instanceof KnowledgeError) return error.message;
    throw error;
  }
  return 'no fault';
}

const fingerprints = (rule: object) =>
  JSON.stringify({
    source: 'our own',
    licence: 'Apache-2.0',
    kind: 'dhcp.client',
    group: 'dhcp',
    firstMatch: false,
    rules: [rule],
  });
const rule = {
  id: 'our-pump',
  when: { fact: 'vendorClass', contains: 'ACME pump' },
  claims: [{ attribute: 'class', value: 'infusion-pump' }],
  strength: 'medium',
  examples: [{ text: 'ACME pump 7' }],
};

test('reads every file of the package', () => {
  expect(knowledge.taxonomy.classes.size).toBeGreaterThan(70);
  expect(knowledge.addressBlocks.size).toBeGreaterThan(50_000);
  expect(knowledge.fingerprints.files.length).toBeGreaterThan(30);
  expect(knowledge.defaultCredentials.length).toBeGreaterThan(2000);
});

test('takes a hospital’s own fingerprints', () => {
  const own = loadKnowledge([{ path: 'fingerprints/ours.json', text: fingerprints(rule) }]);
  expect(own.fingerprints.match('dhcp.client', { vendorClass: 'Acme Pump 7' })).toEqual([
    {
      attribute: 'class',
      value: 'infusion-pump',
      strength: 'medium',
      group: 'dhcp',
      rule: 'our-pump',
      fact: 'vendorClass',
      text: 'Acme Pump 7',
    },
  ]);
});

test('lets a hospital’s rule replace ours of the same id', () => {
  const own = loadKnowledge([
    { path: 'fingerprints/ours.json', text: fingerprints({ ...rule, id: 'dhcp.vc.msft5' }) },
  ]);
  expect(own.fingerprints.match('dhcp.client', { vendorClass: 'MSFT 5.0' })).not.toContainEqual(
    expect.objectContaining({ rule: 'dhcp.vc.msft5' }),
  );
});

test('says file, entry, field and what was expected', () => {
  const strange = { ...rule, strength: 'certain' };
  expect(faultOf('fingerprints/ours.json', fingerprints(strange))).toMatch(
    /^fingerprints\/ours\.json, our-pump, strength: Invalid option: expected one of "strong"\|"medium"\|"weak"$/,
  );
});

test('refuses a class that the taxonomy does not have', () => {
  const strange = { ...rule, claims: [{ attribute: 'class', value: 'infusion-pumpe' }] };
  expect(faultOf('fingerprints/ours.json', fingerprints(strange))).toBe(
    'fingerprints/ours.json, our-pump, claims: a class of the taxonomy, not "infusion-pumpe"',
  );
});

test('refuses a pattern that backtracks', () => {
  const strange = { ...rule, when: { fact: 'vendorClass', matches: '^(a+)+$' } };
  expect(faultOf('fingerprints/ours.json', fingerprints(strange))).toContain(
    'no repetition inside a repetition',
  );
});

test('locates broken JSON', () => {
  expect(faultOf('fingerprints/ours.json', '{"rules": [')).toMatch(
    /^fingerprints\/ours\.json, file, JSON: valid JSON/,
  );
});

test('locates a broken line of credentials', () => {
  expect(faultOf('default-credentials/ours.tsv', 'ACME\tadmin\n')).toBe(
    'default-credentials/ours.tsv, line 1, line: product, user and secret, separated by tabs',
  );
});

test('every fingerprint finds its own examples, and says of them what it promises', () => {
  for (const file of knowledge.fingerprints.files) {
    const single = parseKnowledge([
      ...files.filter(({ path }) => path.startsWith('classes/')),
      { path: 'fingerprints/one.json', text: JSON.stringify({ ...file, file: undefined }) },
    ]).fingerprints;
    for (const { id, when, also, examples } of file.rules) {
      if (also !== undefined) continue;
      for (const { text, expect: wanted } of examples) {
        const found = single.match(file.kind as 'dhcp.client', { [when.fact]: text, role: 'server' });
        const own = found.filter((match) => match.rule === id);
        expect(own.length > 0 || file.firstMatch, `${id}: ${text}`).toBe(true);
        for (const [attribute, value] of own.length > 0 ? Object.entries(wanted ?? {}) : []) {
          expect(own, `${id}: ${text}`).toContainEqual(expect.objectContaining({ attribute, value }));
        }
      }
    }
  }
});

test('every folder of data says where it comes from', () => {
  const folders = new Set(files.map(({ path }) => path.split('/')[0]));
  expect([...folders]).toEqual(
    expect.arrayContaining([
      'classes',
      'default-credentials',
      'findings',
      'fingerprints',
      'hazards',
      'oui',
      'protocols',
      'vendors',
    ]),
  );
  for (const folder of folders) {
    expect(existsSync(new URL(`../data/${folder}/README.md`, import.meta.url)), folder).toBe(true);
  }
  for (const file of knowledge.fingerprints.files) expect(file.source.length, file.file).toBeGreaterThan(2);
});

test('every class of the taxonomy has its hazards, the nearest first', () => {
  const { taxonomy, hazards } = knowledge;
  for (const id of taxonomy.classes.keys()) expect(hazards.of(id), id).not.toBeNull();
  expect(hazards.of('infusion-pump')?.of).toBe('infusion-pump');
  expect(hazards.of('vna')?.of).toBe('group:clinical-it');
  expect([hazards.of(null), hazards.of('no-such-class')]).toEqual([null, null]);
});

test('refuses hazards of what is not in the taxonomy, and a severity that falls', () => {
  const file = (hazard: object) => ({
    path: 'hazards/own.json',
    text: JSON.stringify({ source: 'ours', licence: 'none', hazards: [hazard] }),
  });
  const [given] = JSON.parse(files.find(({ path }) => path === 'hazards/hazards.json')!.text).hazards;
  expect(() => parseKnowledge([...files, file({ ...given, of: 'group:nothing' })])).toThrow(/group:nothing/);
  expect(() => parseKnowledge([...files, file({ ...given, degraded: given.controlled })])).toThrow(
    /never falls/,
  );
});

test('no two rules share an id', () => {
  const ids = knowledge.fingerprints.files.flatMap((file) => file.rules.map(({ id }) => id));
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
  expect(twice).toEqual([]);
});
