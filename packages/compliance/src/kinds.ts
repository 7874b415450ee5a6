import type { Catalogue, Controls } from '@wardline/knowledge';

/** How a control can be answered. `waiting`: by evidence of which some is not kept by Wardline yet. */
export const evidenceKinds = ['computed', 'waiting', 'in part', 'attested'] as const;
export type EvidenceKind = (typeof evidenceKinds)[number];

/** By which kind of evidence a control is answered, given the questions that something answers. */
export function evidenceKindOf(controls: Controls, ref: string, answered: ReadonlySet<string>): EvidenceKind {
  const asked = controls.queriesOf(ref);
  if (asked.length === 0) return 'attested';
  if (!asked.some(({ covers }) => covers === 'whole')) return 'in part';
  return asked.every(({ query }) => answered.has(query.id)) ? 'computed' : 'waiting';
}

export interface KindCount {
  catalogue: Catalogue;
  /** Null for all groups. */
  group: string | null;
  total: number;
  kinds: Record<EvidenceKind, number>;
}

/** How many controls of each catalogue, and of each of its technical groups, are answered by which kind of evidence. */
export function countKinds(controls: Controls, answered: ReadonlySet<string>): KindCount[] {
  return [...controls.catalogues.values()].flatMap((catalogue) => {
    const technical = catalogue.groups.filter(({ kind }) => kind === 'technical');
    const some = technical.length === catalogue.groups.length ? [] : technical;
    return [null, ...some.map(({ id }) => id)].map((group) => countOf(controls, catalogue, group, answered));
  });
}

function countOf(
  controls: Controls,
  catalogue: Catalogue,
  group: string | null,
  answered: ReadonlySet<string>,
): KindCount {
  const of = [...controls.controls.values()].filter(
    (one) =>
      one.catalogue === catalogue.id && one.children.length === 0 && (group === null || one.group === group),
  );
  const kinds = { computed: 0, waiting: 0, 'in part': 0, attested: 0 };
  for (const { ref } of of) kinds[evidenceKindOf(controls, ref, answered)] += 1;
  return { catalogue, group, total: of.length, kinds };
}
