import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormatsModule from 'ajv-formats';
import { SBOM_FAULTS } from '../limits.ts';
import type { SbomFault } from './sbom.ts';

/** Versions of CycloneDX that are read, with the namespace's ending for XML. */
export const cycloneDxVersions = ['1.2', '1.3', '1.4', '1.5', '1.6', '1.7'] as const;
export type CycloneDxVersion = (typeof cycloneDxVersions)[number];

export const isCycloneDxVersion = (text: unknown): text is CycloneDxVersion =>
  (cycloneDxVersions as readonly unknown[]).includes(text);

/** The official schemas as their own library brings them; it exports no path to them but its manifest's. */
const folder = join(
  dirname(createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json')),
  'res/schema',
);
export const schemaText = (name: string): string => readFileSync(join(folder, name), 'utf8');
const schemaOf = (name: string) => JSON.parse(schemaText(name)) as object;

/** Up to 1.3 only the strict schema refuses properties that are not of the format. */
const schemaName = (version: CycloneDxVersion): string =>
  `bom-${version}${version === '1.2' || version === '1.3' ? '-strict' : ''}.SNAPSHOT.schema.json`;

const addFormats = addFormatsModule as unknown as (ajv: Ajv) => void;
const checks = new Map<CycloneDxVersion, ValidateFunction>();

/** What a document of JSON violates of the official schema of its version. */
export function cycloneDxFaults(version: CycloneDxVersion, tree: unknown): SbomFault[] {
  let check = checks.get(version);
  if (check === undefined) {
    check = compiled(version);
    checks.set(version, check);
  }
  return check(tree) ? [] : faultsOf(check.errors ?? []);
}

function compiled(version: CycloneDxVersion): ValidateFunction {
  const ajv = new Ajv({ strict: false, validateFormats: true, addUsedSchema: false });
  addFormats(ajv);
  // No working check of IRIs is known; the official tools leave it out too.
  ajv.addFormat('iri-reference', true);
  ajv.addFormat('idn-email', /^[^\s@]+@[^\s@]+$/);
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({ keyword: 'uniqueItems', type: 'array', schemaType: 'boolean', validate: areUnique });
  for (const name of ['spdx', 'jsf-0.82', 'cryptography-defs'])
    ajv.addSchema(
      schemaOf(`${name}.SNAPSHOT.schema.json`),
      `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`,
    );
  return ajv.compile(schemaOf(schemaName(version)));
}

/** The library compares each pair, which takes minutes at 50,000 components; a set of texts does not. */
function areUnique(wanted: boolean, items: readonly unknown[]): boolean {
  if (!wanted || items.length < 2) return true;
  const seen = new Set<string>();
  for (const item of items) seen.add(JSON.stringify(item, sorted));
  return seen.size === items.length;
}

const sorted = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** Of alternatives none of which fits, what is deepest tells most. */
function faultsOf(errors: readonly ErrorObject[]): SbomFault[] {
  const deepest = [...errors].sort((a, b) => depthOf(b) - depthOf(a));
  const faults = deepest.map((error) => ({ place: error.instancePath, message: wordsOf(error) }));
  return faults.slice(0, SBOM_FAULTS);
}

const depthOf = ({ instancePath }: ErrorObject): number => instancePath.split('/').length;

function wordsOf({ keyword, params, message }: ErrorObject): string {
  if (keyword === 'additionalProperties')
    return `unknown property ${JSON.stringify(params.additionalProperty)}`;
  if (keyword === 'uniqueItems') return 'two items are equal';
  if (keyword === 'enum' && params.allowedValues.length <= 20)
    return `expected one of ${params.allowedValues.join(', ')}`;
  return (message ?? 'is not valid').slice(0, 300);
}
