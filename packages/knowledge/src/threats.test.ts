import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { KnowledgeError, knowledgeFiles, parseKnowledge } from './index.ts';

const files = knowledgeFiles();
const knowledge = parseKnowledge(files);
const shared = new URL('../../../../shared/data/controls/', import.meta.url);
const threats = [...knowledge.threats.all.values()];

test('every class of care has threats of each kind, and every rule of the findings shows some threat', () => {
  const { taxonomy } = knowledge;
  const kinds = (id: string) => new Set(knowledge.threats.ofDevice(id).map(({ kind }) => kind));
  const thin = [...taxonomy.classes.values()].filter(
    ({ id, group }) => taxonomy.groups.get(group)?.clinical && kinds(id).size < 5,
  );
  expect(thin.map(({ id }) => id)).toEqual([]);
  const shown = new Set(threats.flatMap(({ opened }) => opened));
  const unused = [...knowledge.findingRules.keys()].filter((id) => !shown.has(id));
  expect(unused).toEqual([
    'cleartext-user-name',
    'voice-in-clear',
    'obsolete-tls',
    'expiring-certificate',
    'statement-contradicted',
    'recall-open',
    'unidentified-device',
  ]);
});

test('a kind of a class has its threats; what is not known has those that every class has', () => {
  const ids = (id: string | null) => knowledge.threats.ofDevice(id).map((threat) => threat.id);
  expect(ids('ct')).toContain('exposure-changed');
  expect(ids('ct')).not.toContain('therapy-changed');
  expect(ids('infusion-pump')).toEqual(expect.arrayContaining(['therapy-changed', 'library-falsified']));
  expect(ids(null)).toContain('weakness-exploited');
  expect(ids(null)).not.toContain('therapy-changed');
  expect(knowledge.threats.ofFlow().length).toBeGreaterThan(5);
});

test('a hospital’s own entry replaces ours by its id, and a wrong reference is located', () => {
  const [own] = JSON.parse(files.find(({ path }) => path === 'threats/threats.json')!.text).threats;
  const withOwn = (threat: object) =>
    parseKnowledge([
      ...files.filter(({ path }) => /^(classes|findings|threats)/.test(path)),
      {
        path: 'threats/own.json',
        text: JSON.stringify({ source: 'ours', licence: 'none', threats: [threat] }),
      },
    ]);
  expect(withOwn({ ...own, title: 'As we say it' }).threats.all.get(own.id)?.title).toBe('As we say it');
  for (const [field, value] of [
    ['classes', 'pomp'],
    ['groups', 'pomps'],
    ['opened', 'no-rule'],
  ] as const)
    expect(() => withOwn({ ...own, [field]: [value] })).toThrow(
      new RegExp(`^threats/own.json, ${own.id}, ${field}: .*not "${value}"$`),
    );
  expect(() => withOwn({ ...own, emb3d: ['311'] })).toThrow(KnowledgeError);
});

test.skipIf(!existsSync(shared))('names only threats, mitigations and techniques that are published', () => {
  const published = JSON.parse(
    readFileSync(new URL('emb3d/threats_properties_mitigations_mappings.json', shared), 'utf8'),
  ) as { threats: { id: string; mitigations: { id: string }[] }[] };
  const techniques = (
    JSON.parse(readFileSync(new URL('attack-ics/ics-attack-18.1.json', shared), 'utf8')) as {
      objects: Record<string, unknown>[];
    }
  ).objects
    .filter((one) => one.type === 'attack-pattern' && !one.revoked && !one.x_mitre_deprecated)
    .map((one) => (one.external_references as { external_id: string }[])[0]!.external_id);
  const known = new Set([
    ...published.threats.flatMap(({ id, mitigations }) => [id, ...mitigations.map((one) => one.id)]),
    ...techniques,
  ]);
  const named = threats.flatMap(({ emb3d, attack, controls }) => [
    ...emb3d,
    ...attack,
    ...controls.flatMap((control) => control.emb3d),
  ]);
  expect(named.filter((id) => !known.has(id))).toEqual([]);
});
