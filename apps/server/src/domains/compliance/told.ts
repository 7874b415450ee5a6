import { answerOf, countKinds } from '@wardline/compliance';
import type { Controls, PlacedControl } from '@wardline/knowledge';
import {
  type CatalogueRow,
  type ControlDetail,
  type ControlRow,
  type EvidenceRow,
  formatMicros,
  type JudgedControl,
} from '@wardline/model';
import { countOf } from './records.ts';
import type { Standing } from './standing.ts';

const instantOf = (at: number | null): string | null => (at === null ? null : formatMicros(at));

/** Each catalogue with how its controls stand. */
export function catalogueRows(controls: Controls, { state, judged }: Standing): CatalogueRow[] {
  const answered = new Set(state.facts.map(({ query }) => query));
  const kinds = countKinds(controls, answered).filter(({ group }) => group === null);
  return kinds.map(({ catalogue, kinds: counted }) => {
    const { id, title, edition, publisher, standing, licence } = catalogue;
    const leaves = [...controls.controls.values()].filter(
      (one) => one.catalogue === id && one.children.length === 0,
    );
    const statuses = leaves.flatMap(({ ref }) => judged.get(ref)?.status ?? []);
    return { id, title, edition, publisher, standing, licence, counts: countOf(statuses), kinds: counted };
  });
}

export function controlRow(controls: Controls, control: PlacedControl, judged: JudgedControl): ControlRow {
  const { ref, id, title, catalogue, group, obligation, parent, children } = control;
  const { status, basis, reason, contradicted, oldest } = judged;
  const groupTitle = controls.catalogues.get(catalogue)!.groups.find((one) => one.id === group)!.title;
  return {
    ref,
    id,
    title,
    catalogue,
    group,
    groupTitle,
    obligation: obligation ?? null,
    parent: parent ?? null,
    isStandard: children.length > 0,
    status,
    basis,
    reason,
    contradicted,
    oldest: instantOf(oldest),
  };
}

export function controlRows(controls: Controls, { judged }: Standing): ControlRow[] {
  return [...controls.controls.values()].flatMap((control) => {
    const one = judged.get(control.ref);
    return one === undefined ? [] : [controlRow(controls, control, one)];
  });
}

/** Every question with its answer. */
export const evidenceRows = (controls: Controls, standing: Standing): EvidenceRow[] =>
  [...controls.queries.keys()].map((query) => evidenceRow(controls, standing, query));

function evidenceRow(controls: Controls, { state }: Standing, id: string): EvidenceRow {
  const query = controls.queries.get(id)!;
  const fact = state.facts.find((one) => one.query === id);
  const { outcome, reason, asOf } = answerOf(query, fact, state.at);
  const { title, asks, domain, days, remedy, whole, part } = query;
  const { population = 0, failing = 0, undetermined = 0 } = fact ?? {};
  return {
    query: id,
    title,
    asks,
    domain,
    days,
    remedy,
    outcome,
    reason,
    asOf: instantOf(asOf),
    population,
    failing,
    undetermined,
    controls: whole.length + part.length,
  };
}

/** The evidence of one control, with whom it fails for. */
export function evidenceOf(controls: Controls, standing: Standing, ref: string): ControlDetail['evidence'] {
  const members = new Map(standing.state.facts.map((fact) => [fact.query, fact.members]));
  return controls.queriesOf(ref).map(({ query, covers }) => ({
    ...evidenceRow(controls, standing, query.id),
    covers,
    members: members.get(query.id) ?? [],
  }));
}
