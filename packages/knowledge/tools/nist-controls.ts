/**
 * Makes `data/controls/nist-800-53-5.json` of NIST's resolved OSCAL catalogues (public domain):
 * `npx node packages/knowledge/tools/nist-controls.ts HIGH.json MODERATE.json`. Identifiers and titles only.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { catalogueOfOscal } from '../src/oscal-catalogue.ts';

const about = {
  id: 'nist-800-53-5',
  publisher: 'U.S. National Institute of Standards and Technology',
  standing: 'voluntary',
  licence: 'public domain (publication of the United States); identifiers and titles',
} as const;
const [high, moderate] = process.argv
  .slice(2, 4)
  .map((path) => catalogueOfOscal(path, readFileSync(path, 'utf8'), about));
if (high === undefined || moderate === undefined) throw new Error('two files: HIGH, then MODERATE');

const inModerate = new Set(moderate.controls.map(({ id }) => id));
const technical = new Set(['ac', 'au', 'ia', 'sc']);
const kindOf = (id: string) =>
  technical.has(id) ? 'technical' : id === 'pe' ? 'physical' : 'administrative';
const { controls, groups, edition, id, ...rest } = high;
const head = {
  id,
  ...rest,
  title: 'NIST SP 800-53 rev 5',
  edition: `Baselines high and moderate, ${edition}`,
  groups: groups.map((group) => ({ ...group, kind: kindOf(group.id) })),
};
const lines = controls.map((control) =>
  JSON.stringify({ ...control, levels: inModerate.has(control.id) ? ['moderate', 'high'] : ['high'] }),
);
const text = `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "controls": [\n    ${lines.join(',\n    ')}\n  ]\n}\n`;
writeFileSync(new URL('../data/controls/nist-800-53-5.json', import.meta.url), text);
