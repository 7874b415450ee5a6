import type { z } from 'zod';
import { baselinesFileSchema } from './baseline-schema.ts';
import { Baselines } from './baselines.ts';
import {
  type Catalogue,
  Controls,
  catalogueFileSchema,
  controlFaults,
  type EvidenceQuery,
  evidenceFileSchema,
} from './controls.ts';
import { type KnownCredential, parseCredentials, productsByLabel } from './default-credentials.ts';
import { type FingerprintFile, fingerprintFileSchema } from './fingerprint-schema.ts';
import { FingerprintTable } from './fingerprint-table.ts';
import { Hazards, hazardFaults, hazardsFileSchema } from './hazards.ts';
import { KnowledgeError, type KnowledgeFault, parseFile } from './located-error.ts';
import { AddressBlocks } from './oui.ts';
import {
  classesFileSchema,
  type DeviceClass,
  type EndOfSupport,
  type FindingRule,
  findingsFileSchema,
  lifecycleFileSchema,
  type Protocol,
  protocolsFileSchema,
  vendorsFileSchema,
} from './schema.ts';
import { Taxonomy } from './taxonomy.ts';
import { Threats, threatsFileSchema } from './threats.ts';
import { VendorNames } from './vendors.ts';

/** A file of the knowledge: its path below the data folder (`vendors/vendors.json`) and its text. */
export interface KnowledgeFile {
  path: string;
  text: string;
}

/** All that Wardline knows before it has seen anything. */
export interface Knowledge {
  taxonomy: Taxonomy;
  vendors: VendorNames;
  addressBlocks: AddressBlocks;
  fingerprints: FingerprintTable;
  protocols: ReadonlyMap<string, Protocol>;
  defaultCredentials: readonly KnownCredential[];
  /** By the label that facts carry (`knownDefault`). */
  defaultProducts: ReadonlyMap<string, readonly string[]>;
  /** What a device of a class should not offer. */
  baselines: Baselines;
  findingRules: ReadonlyMap<string, FindingRule>;
  /** Operating systems and the day on which their support ended. */
  operatingSystems: readonly EndOfSupport[];
  /** What a device of a class can do to a patient. */
  hazards: Hazards;
  /** What can be done to devices and to what passes between them. */
  threats: Threats;
  /** What law, guidance and standards ask, and which evidence speaks of it. */
  controls: Controls;
}

/**
 * Makes the tables of the given files. Several files in one folder add up, in the order of their paths; a later entry of
 * the same id replaces an earlier one, so that a hospital's own files can correct ours.
 * @throws KnowledgeError with the place of every fault
 */
export function parseKnowledge(files: readonly KnowledgeFile[]): Knowledge {
  const inFolder = (folder: string, ending: string) =>
    files.filter((file) => file.path.startsWith(`${folder}/`) && file.path.endsWith(ending));
  const read = <T>(folder: string, schema: z.ZodType<T>) =>
    inFolder(folder, '.json').map((file) => ({
      ...parseFile(file.path, file.text, schema),
      file: file.path,
    }));

  const classFiles = read('classes', classesFileSchema);
  const taxonomy = new Taxonomy(
    classFiles.flatMap((file) => file.groups),
    classFiles.flatMap((file) => file.classes),
    classFiles.flatMap((file) => file.compatible),
  );
  const vendorFiles = read('vendors', vendorsFileSchema);
  const vendors = vendorFiles.flatMap((file) => file.vendors);
  const fingerprints = lastOfEachRule(read('fingerprints', fingerprintFileSchema));
  checkClasses(taxonomy, [
    ...vendorFiles.flatMap(({ file, vendors: list }) =>
      list.flatMap((v) => v.hints.map((id) => ({ file, entry: v.name, field: 'hints', id }))),
    ),
    ...fingerprints.flatMap((f) => f.rules.flatMap((rule) => classesOf(f.file, rule))),
    ...classFiles.flatMap(({ file, classes, compatible }) => [
      ...classes.flatMap((c) => (c.parent ? [{ file, entry: c.id, field: 'parent', id: c.parent }] : [])),
      ...compatible.flatMap((pair) =>
        pair.map((id) => ({ file, entry: pair.join('/'), field: 'compatible', id })),
      ),
    ]),
  ]);
  checkGroups(taxonomy, classFiles);
  const hazardFiles = read('hazards', hazardsFileSchema);
  const strange = hazardFaults(taxonomy, hazardFiles);
  if (strange.length > 0) throw new KnowledgeError(strange);
  const findingRules = new Map(
    read('findings', findingsFileSchema).flatMap((f) => f.rules.map((r) => [r.id, r])),
  );
  const defaultCredentials = parseCredentials(
    inFolder('default-credentials', '.tsv').map(({ path, text }) => ({ file: path, text })),
  );
  return {
    taxonomy,
    vendors: new VendorNames(vendors),
    addressBlocks: new AddressBlocks(
      inFolder('oui', '.tsv')
        .map((file) => file.text)
        .join('\n'),
    ),
    fingerprints: new FingerprintTable(fingerprints),
    protocols: new Map(
      read('protocols', protocolsFileSchema).flatMap((f) => f.protocols.map((p) => [p.name, p])),
    ),
    defaultCredentials,
    defaultProducts: productsByLabel(defaultCredentials),
    baselines: new Baselines(read('baselines', baselinesFileSchema), taxonomy),
    findingRules,
    operatingSystems: read('lifecycle', lifecycleFileSchema).flatMap((file) => file.operatingSystems),
    hazards: new Hazards(
      taxonomy,
      hazardFiles.flatMap((file) => file.hazards),
    ),
    threats: new Threats(read('threats', threatsFileSchema), taxonomy, findingRules),
    controls: readControls(read('controls', catalogueFileSchema), read('evidence', evidenceFileSchema)),
  };
}

function readControls(
  catalogues: readonly (Catalogue & { file: string })[],
  evidence: readonly { file: string; queries: readonly EvidenceQuery[] }[],
): Controls {
  const faults = controlFaults(
    catalogues.map(({ file, ...catalogue }) => ({ file, catalogue })),
    evidence,
  );
  if (faults.length > 0) throw new KnowledgeError(faults);
  return new Controls(
    catalogues,
    evidence.flatMap(({ queries }) => queries),
  );
}

/** A rule of a later file replaces the one of the same id in an earlier file. */
function lastOfEachRule<T extends Pick<FingerprintFile, 'rules'>>(files: readonly T[]): T[] {
  const last = new Map(files.flatMap((file) => file.rules.map((rule) => [rule.id, rule] as const)));
  return files.map((file) => ({ ...file, rules: file.rules.filter((rule) => last.get(rule.id) === rule) }));
}

interface ClassReference {
  file: string;
  entry: string;
  field: string;
  id: string;
}

function classesOf(
  file: string,
  rule: { id: string; claims: readonly { attribute: string; value?: string | undefined }[] },
): ClassReference[] {
  return rule.claims.flatMap((clause) =>
    clause.attribute === 'class' && clause.value !== undefined
      ? [{ file, entry: rule.id, field: 'claims', id: clause.value }]
      : [],
  );
}

function checkClasses(taxonomy: Taxonomy, references: readonly ClassReference[]): void {
  const faults: KnowledgeFault[] = references
    .filter(({ id }) => !taxonomy.classes.has(id))
    .map(({ id, ...place }) => ({ ...place, expected: `a class of the taxonomy, not "${id}"` }));
  if (faults.length > 0) throw new KnowledgeError(faults);
}

function checkGroups(
  taxonomy: Taxonomy,
  files: readonly { file: string; classes: readonly DeviceClass[] }[],
): void {
  const faults = files.flatMap(({ file, classes }) =>
    classes
      .filter(({ group }) => !taxonomy.groups.has(group))
      .map(({ id, group }) => {
        const expected = `a group of the taxonomy, not "${group}"`;
        return { file, entry: id, field: 'group', expected };
      }),
  );
  if (faults.length > 0) throw new KnowledgeError(faults);
}
