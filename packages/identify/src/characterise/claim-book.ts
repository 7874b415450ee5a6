import type { Attribute, Claim, Evidence, FactValue, Identifier, Sighting, Strength } from '@wardline/model';
import { EVIDENCE_PER_CLAIM, VALUE_LENGTH, VALUES_PER_SOURCE } from '../limits.ts';

/** A claim without its times and evidence, which come from what it rests on. */
export interface Statement {
  attribute: Attribute | Identifier;
  value: string;
  source: string;
  strength: Strength;
  group: string;
  reason: string;
}

/** When and where something was seen. */
export interface Ground {
  firstSeen: number;
  lastSeen: number;
  count: number;
  evidence: readonly Evidence[];
}

export function groundOf(sighting: Sighting): Ground {
  const { firstSeen, lastSeen, count, evidence } = sighting;
  return { firstSeen, lastSeen, count, evidence: [evidence] };
}

export function groundOfAll(sightings: readonly Sighting[]): Ground {
  return sightings.map(groundOf).reduce(sum);
}

/** Collects claims; equal ones add up. What it gives back does not depend on the order of what came in. */
export class ClaimBook {
  readonly #claims = new Map<string, Claim>();

  add(statement: Statement, ground: Ground): void {
    const value = statement.value.trim().slice(0, VALUE_LENGTH);
    if (value === '') return;
    const key = [statement.attribute, value, statement.source, statement.group, statement.strength].join(
      '\u0000',
    );
    const known = this.#claims.get(key);
    if (known === undefined) {
      const evidence = firstEvidence(ground.evidence);
      this.#claims.set(key, {
        ...statement,
        value,
        reason: statement.reason.slice(0, 600),
        ...ground,
        evidence,
      });
      return;
    }
    Object.assign(known, sum(known, ground));
  }

  /** In a fixed order; of each attribute and source the most frequent values only. */
  claims(): Claim[] {
    const sorted = [...this.#claims.keys()].sort(byText).map((key) => this.#claims.get(key)!);
    // The rule behind the fact, in brackets, is no source of its own.
    const bySource = Map.groupBy(sorted, (claim) => `${claim.attribute} ${claim.source.split(' ', 1)[0]}`);
    const kept = new Set([...bySource.values()].flatMap(mostFrequent));
    return sorted.filter((claim) => kept.has(claim));
  }
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function mostFrequent(claims: readonly Claim[]): Claim[] {
  if (claims.length <= VALUES_PER_SOURCE) return [...claims];
  return [...claims]
    .sort((a, b) => b.count - a.count || byText(a.value, b.value))
    .slice(0, VALUES_PER_SOURCE);
}

function sum<T extends Ground>(a: T, b: Ground): T & { evidence: Evidence[] } {
  return {
    ...a,
    firstSeen: Math.min(a.firstSeen, b.firstSeen),
    lastSeen: Math.max(a.lastSeen, b.lastSeen),
    count: a.count + b.count,
    evidence: firstEvidence([...a.evidence, ...b.evidence]),
  };
}

function firstEvidence(evidence: readonly Evidence[]): Evidence[] {
  const unique = new Map(evidence.map((e) => [`${e.capture}\u0000${e.packet}`, e]));
  const sorted = [...unique.values()].sort((a, b) =>
    a.capture === b.capture ? a.packet - b.packet : a.capture < b.capture ? -1 : 1,
  );
  return sorted.slice(0, EVIDENCE_PER_CLAIM);
}

/** A fact's text, or null where it is absent or empty. */
export function textOf(value: FactValue | undefined): string | null {
  const text = value === undefined ? '' : String(value).trim();
  return text === '' ? null : text;
}
