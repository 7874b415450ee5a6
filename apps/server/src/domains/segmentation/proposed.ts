import { type Criticality, formatMicros, type Proposals } from '@wardline/model';
import { type HeldDeclared, type Learnt, printPolicy, printUse } from '@wardline/policy';

interface Known {
  recordedDays: number;
  criticality: ReadonlyMap<string, Criticality>;
  /** Of each proposed zone. */
  members: ReadonlyMap<string, readonly string[]>;
  now: number;
}

/** Proposals as a person reviews them: those that touch life-critical devices first, then those seen on more days. */
export function proposed(
  { policy, proposals, leftOut }: Learnt,
  { undeclared, zones }: HeldDeclared,
  { recordedDays, criticality, members, now }: Known,
): Proposals {
  const isCritical = (zone: string) =>
    (members.get(zone) ?? []).some((id) => criticality.get(id) === 'life-critical');
  const rows = proposals.map(({ conduit, firstSeen, lastSeen, evidence, ...figures }) => ({
    name: conduit.name,
    title: conduit.title,
    from: conduit.from.join(', '),
    to: conduit.to.join(', '),
    services: conduit.services.map(printUse),
    undeclared: undeclared.get(conduit.name) ?? [],
    ...figures,
    lifeCritical: [...conduit.from, ...conduit.to].some(isCritical),
    firstSeen: formatMicros(firstSeen),
    lastSeen: formatMicros(lastSeen),
    evidence: [...evidence],
  }));
  return {
    asOf: formatMicros(now),
    recordedDays,
    proposals: rows.toSorted(
      (a, b) =>
        Number(b.lifeCritical) - Number(a.lifeCritical) || b.days - a.days || (a.name < b.name ? -1 : 1),
    ),
    zones: policy.zones.map(({ name, title }) => ({ name, title })),
    declared: zones,
    leftOut,
  };
}

/** The text of those that a person chose, taken from `given`, with the zones that they need; and the names that nothing proposes any more. */
export function draftOf(
  { proposals }: Learnt,
  { policy }: Learnt,
  names: readonly string[],
): { text: string; missing: string[] } {
  const chosen = new Set(names);
  const conduits = policy.conduits.filter(({ name }) => chosen.has(name));
  const used = new Set(conduits.flatMap(({ from, to }) => [...from, ...to]));
  const known = new Set(proposals.map(({ conduit }) => conduit.name));
  return {
    text: printPolicy({ ...policy, conduits, zones: policy.zones.filter(({ name }) => used.has(name)) }),
    missing: names.filter((name) => !known.has(name)),
  };
}
