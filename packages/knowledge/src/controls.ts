import { z } from 'zod';
import type { KnowledgeFault } from './located-error.ts';

const text = z.string().min(1).max(300);

/** What a group of controls acts by. */
export const controlGroupKinds = [
  'administrative',
  'physical',
  'technical',
  'organisational',
  'process',
] as const;
/** Whether a catalogue is law, will perhaps be, or is followed freely. */
export const catalogueStandings = ['in force', 'proposed', 'guidance', 'voluntary', 'standard'] as const;
/** 45 CFR 164.306(d): what is addressable is decided, with a reason. */
export const obligations = ['required', 'addressable'] as const;

export const controlSchema = z.strictObject({
  id: z.string().min(1).max(60),
  /** The regulation's or standard's title where it is free; our own words where it is not. */
  title: text,
  group: z.string().min(1).max(20),
  obligation: z.enum(obligations).optional(),
  /** The standard that it specifies. */
  parent: z.string().max(60).optional(),
  /** Baselines that it belongs to. */
  levels: z.array(z.string().max(20)).optional(),
});
export type Control = z.infer<typeof controlSchema>;

export const catalogueFileSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{2,40}$/),
  title: text,
  edition: text,
  publisher: text,
  standing: z.enum(catalogueStandings),
  licence: text,
  groups: z.array(
    z.strictObject({ id: z.string().min(1).max(20), title: text, kind: z.enum(controlGroupKinds) }),
  ),
  controls: z.array(controlSchema).min(1),
});
export type Catalogue = z.infer<typeof catalogueFileSchema>;

export const evidenceDomains = [
  'access',
  'backup',
  'findings',
  'incidents',
  'inventory',
  'keys',
  'ledger',
  'lifecycle',
  'network',
  'pki',
  'register',
  'risk',
  'segmentation',
  'suppliers',
  'updates',
  'vulnerabilities',
  'watch',
] as const;

/** A question whose answer is looked up, and the controls that the answer speaks of. */
export const evidenceQuerySchema = z.strictObject({
  id: z.string().regex(/^[a-z]+\.[a-z-]+$/),
  /** What is the case where it holds. */
  title: text,
  asks: text,
  /** The part of Wardline that answers it. */
  domain: z.enum(evidenceDomains),
  /** How old an answer may be and still count. */
  days: z.int().min(1).max(366),
  /** What a failure can do. */
  harms: z.array(z.enum(['patient', 'privacy', 'operations'])).min(1),
  remedy: text,
  /** Controls that it answers, together with every other query that names them. */
  whole: z.array(z.string()),
  /** Controls of which it shows a part; a person has to vouch for the rest. */
  part: z.array(z.string()),
});
export type EvidenceQuery = z.infer<typeof evidenceQuerySchema>;

export const evidenceFileSchema = z.strictObject({
  source: z.string().min(3),
  licence: z.string().min(2),
  queries: z.array(evidenceQuerySchema),
});

/** A control with the catalogue it is of, by the name that everything else uses: `hipaa-security:164.312(b)`. */
export interface PlacedControl extends Control {
  ref: string;
  catalogue: string;
  /** Controls that specify it; it is as they are. */
  children: readonly string[];
}

export const controlRef = (catalogue: string, id: string): string => `${catalogue}:${id}`;

/** What law, guidance and standards ask, and which evidence speaks of it. */
export class Controls {
  readonly catalogues: ReadonlyMap<string, Catalogue>;
  readonly controls: ReadonlyMap<string, PlacedControl>;
  readonly queries: ReadonlyMap<string, EvidenceQuery>;
  readonly #asked = new Map<string, { query: EvidenceQuery; covers: 'whole' | 'part' }[]>();

  /** A later catalogue or query of the same id replaces an earlier one. */
  constructor(catalogues: readonly Catalogue[], queries: readonly EvidenceQuery[]) {
    this.catalogues = new Map(catalogues.map((one) => [one.id, one]));
    this.queries = new Map(queries.map((one) => [one.id, one]));
    this.controls = placed([...this.catalogues.values()]);
    for (const query of this.queries.values())
      for (const covers of ['whole', 'part'] as const)
        for (const ref of query[covers])
          this.#asked.set(ref, [...(this.#asked.get(ref) ?? []), { query, covers }]);
  }

  /** The queries that speak of a control. */
  queriesOf(ref: string): readonly { query: EvidenceQuery; covers: 'whole' | 'part' }[] {
    return this.#asked.get(ref) ?? [];
  }
}

function placed(catalogues: readonly Catalogue[]): ReadonlyMap<string, PlacedControl> {
  return new Map(
    catalogues.flatMap(({ id: catalogue, controls }) =>
      controls.map((control) => {
        const ref = controlRef(catalogue, control.id);
        const children = controls
          .filter(({ parent }) => parent === control.id)
          .map(({ id }) => controlRef(catalogue, id));
        return [ref, { ...control, ref, catalogue, children }] as const;
      }),
    ),
  );
}

/** Controls in groups or under standards that their catalogue does not have, and queries about controls that nobody asks for. */
export function controlFaults(
  catalogues: readonly { file: string; catalogue: Catalogue }[],
  queries: readonly { file: string; queries: readonly EvidenceQuery[] }[],
): KnowledgeFault[] {
  const known = new Set(
    catalogues.flatMap(({ catalogue }) => catalogue.controls.map(({ id }) => controlRef(catalogue.id, id))),
  );
  return [
    ...catalogues.flatMap(({ file, catalogue }) => faultsWithin(file, catalogue)),
    ...queries.flatMap(({ file, queries: asked }) =>
      asked.flatMap(({ id, whole, part }) =>
        [...whole, ...part]
          .filter((ref) => !known.has(ref))
          .map((ref) => ({
            file,
            entry: id,
            field: 'controls',
            expected: `a control of a catalogue, not "${ref}"`,
          })),
      ),
    ),
  ];
}

function faultsWithin(file: string, { groups, controls }: Catalogue): KnowledgeFault[] {
  const groupIds = new Set(groups.map(({ id }) => id));
  const ids = new Map<string, number>();
  for (const { id } of controls) ids.set(id, (ids.get(id) ?? 0) + 1);
  return controls.flatMap(({ id, group, parent }) => [
    ...(groupIds.has(group)
      ? []
      : [{ file, entry: id, field: 'group', expected: `a group of the catalogue, not "${group}"` }]),
    ...(parent === undefined || ids.has(parent)
      ? []
      : [{ file, entry: id, field: 'parent', expected: `a control of the catalogue, not "${parent}"` }]),
    ...(ids.get(id) === 1
      ? []
      : [{ file, entry: id, field: 'id', expected: 'an id that no other control has' }]),
  ]);
}
