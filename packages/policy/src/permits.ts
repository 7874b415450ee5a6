import type { Mode } from './policy.ts';
import type { AddressSet, Clause, Resolved } from './resolve.ts';
import { families } from './resolve.ts';
import { type Family, type Range, wholeRange } from './space/addresses.ts';
import { Diagrams, NONE } from './space/diagrams.ts';
import { type Box, describePacket, type Packet } from './space/packet.ts';

/**
 * What may pass, as products of addresses and services that an enforcement point lets through; whatever none of them
 * holds is dropped. There are no denying lines: must-deny clauses are taken out of the permits themselves, so that the
 * order of lines means nothing, on any target.
 */
export interface Permit {
  family: Family;
  /** The declarations it comes from. */
  origins: readonly string[];
  sources: readonly Range[];
  destinations: readonly Range[];
  /** Over the fields after the addresses. */
  services: readonly Box[];
  /** Null where it is declared; else the mode by which undeclared traffic passes here, so that it can be told. */
  watched: Exclude<Mode, 'enforce'> | null;
}

/** Two declarations that cannot both be kept, shown by a packet. */
export interface Contradiction {
  code: 'must-allow-denied' | 'must-allow-missing' | 'conduit-denied';
  message: string;
  clauses: readonly string[];
  packet: Packet;
}

export const originOf = ({ kind, name }: Pick<Clause, 'kind' | 'name'>): string => `${kind} ${name}`;

const isPermitting = ({ kind }: Clause) => kind === 'conduit' || kind === 'exception';

/** The whole of a clause, as boxes; for the cuts of diagrams. */
function* ends(set: AddressSet, family: Family, field: 'source' | 'destination'): Generator<Box> {
  yield { [field]: set[family] };
}

function* boxesOf(clauses: readonly Clause[], family: Family): Generator<Box> {
  for (const { sources, destinations, services } of clauses) {
    yield* ends(sources, family, 'source');
    yield* ends(destinations, family, 'destination');
    yield* services[family];
  }
}

/** The opening packets that a resolved policy lets through, of one family. */
export class Meaning {
  readonly family: Family;
  readonly diagrams: Diagrams;
  readonly #resolved: Resolved;
  readonly #sets = new Map<Clause, number>();

  /** `others` are boxes of what it will be compared with. */
  constructor(resolved: Resolved, family: Family, others: Iterable<Box> = []) {
    this.family = family;
    this.#resolved = resolved;
    this.diagrams = new Diagrams(family, both(boxesOf(resolved.clauses, family), others));
  }

  /** Everything of one clause. */
  setOf(clause: Clause): number {
    const before = this.#sets.get(clause);
    if (before !== undefined) return before;
    const set = this.#product(clause, this.diagrams.ofServices(clause.services[this.family]));
    this.#sets.set(clause, set);
    return set;
  }

  #product({ sources, destinations }: Clause, rest: number): number {
    return this.diagrams.ofProduct(sources[this.family], destinations[this.family], rest);
  }

  #union(clauses: readonly Clause[]): number {
    return this.diagrams.union(clauses.map((clause) => this.setOf(clause)));
  }

  get denied(): number {
    return this.#union(this.#resolved.clauses.filter(({ kind }) => kind === 'must-deny'));
  }

  /** What the clause lets through as long as its mode is not to enforce: whatever its zones exchange. */
  widened(clause: Clause): number {
    return clause.mode === 'enforce' ? this.setOf(clause) : this.#product(clause, 1);
  }

  /** Conduits and running exceptions, without what must be denied. */
  get permitted(): number {
    const { clauses, undeclared } = this.#resolved;
    const permitting = clauses.filter(isPermitting).map((clause) => this.widened(clause));
    const declared = undeclared === 'enforce' ? this.diagrams.union(permitting) : this.#all(permitting);
    return this.diagrams.subtract(declared, this.denied);
  }

  /** Where nothing is enforced by default, only what enforcing conduits leave out of their own zones is dropped. */
  #all(permitting: readonly number[]): number {
    const enforcing = this.#resolved.clauses.filter((c) => c.kind === 'conduit' && c.mode === 'enforce');
    const closed = this.diagrams.union(enforcing.map((clause) => this.#product(clause, 1)));
    return this.diagrams.union([this.diagrams.subtract(1, closed), ...permitting]);
  }
}

function* both<T>(a: Iterable<T>, b: Iterable<T>): Generator<T> {
  yield* a;
  yield* b;
}

/** What the policy says against itself, each with a packet that shows it. */
export function contradictions(resolved: Resolved): Contradiction[] {
  return families.flatMap((family) => {
    const meaning = new Meaning(resolved, family);
    const { diagrams, denied, permitted } = meaning;
    return resolved.clauses.flatMap((clause) => {
      const set = meaning.setOf(clause);
      if (clause.kind === 'must-deny') return [];
      const against = diagrams.intersect(set, denied);
      if (against !== NONE) return [contradicted(resolved, meaning, clause, diagrams.pick(against)!)];
      const missing = clause.kind === 'must-allow' ? diagrams.subtract(set, permitted) : NONE;
      return missing === NONE ? [] : [missed(clause, diagrams.pick(missing)!)];
    });
  });
}

function contradicted(resolved: Resolved, meaning: Meaning, clause: Clause, packet: Packet): Contradiction {
  const denying = resolved.clauses.filter(
    (other) => other.kind === 'must-deny' && meaning.diagrams.has(meaning.setOf(other), packet),
  );
  const code = clause.kind === 'must-allow' ? 'must-allow-denied' : 'conduit-denied';
  const names = denying.map(({ name }) => JSON.stringify(name)).join(', ');
  return {
    code,
    message: `${originOf(clause)} lets ${describePacket(packet)} through, and must-deny ${names} forbids it`,
    clauses: [clause, ...denying].map(originOf),
    packet,
  };
}

function missed(clause: Clause, packet: Packet): Contradiction {
  return {
    code: 'must-allow-missing',
    message: `${originOf(clause)} needs ${describePacket(packet)}, and no conduit lets it through`,
    clauses: [originOf(clause)],
    packet,
  };
}

/** The permits of a policy, in the order of its text; what one already lets through is not said again. */
export function permitsOf(resolved: Resolved): Permit[] {
  return families.flatMap((family) => new Permitting(resolved, family).together());
}

/**
 * The same packets, with what is declared first and what passes only because nothing is enforced there after it, alerts
 * before what is only counted: an enforcement point that counts by rule then tells the one from the other.
 */
export function permitsApart(resolved: Resolved): Permit[] {
  return families.flatMap((family) => new Permitting(resolved, family).apart());
}

/** Collects the permits of one family. */
class Permitting {
  readonly #resolved: Resolved;
  readonly #meaning: Meaning;
  readonly #permits: Permit[] = [];
  #said: number = NONE;

  constructor(resolved: Resolved, family: Family) {
    this.#resolved = resolved;
    this.#meaning = new Meaning(resolved, family);
  }

  together(): Permit[] {
    for (const clause of this.#permitting()) this.#addClause(clause, clause.mode !== 'enforce');
    return this.#withUndeclared();
  }

  apart(): Permit[] {
    for (const clause of this.#permitting()) this.#addClause(clause, false);
    for (const mode of ['alert', 'observe'])
      for (const clause of this.#permitting()) if (clause.mode === mode) this.#addClause(clause, true);
    return this.#withUndeclared();
  }

  #permitting(): Clause[] {
    return this.#resolved.clauses.filter(isPermitting);
  }

  #withUndeclared(): Permit[] {
    const { undeclared } = this.#resolved;
    if (undeclared !== 'enforce')
      this.#add(`undeclared ${undeclared}`, this.#meaning.permitted, null, undeclared);
    return this.#permits;
  }

  /** What the clause declares, or whatever its zones exchange. */
  #addClause(clause: Clause, widened: boolean): void {
    const { family } = this.#meaning;
    const sources = clause.sources[family];
    const destinations = clause.destinations[family];
    const services = widened ? [{}] : clause.services[family];
    if (sources.length === 0 || destinations.length === 0 || services.length === 0) return;
    const set = widened ? this.#meaning.widened(clause) : this.#meaning.setOf(clause);
    this.#add(
      originOf(clause),
      set,
      { sources, destinations, services },
      widened ? watchedBy(clause.mode) : null,
    );
  }

  #add(
    origin: string,
    wanted: number,
    product: Pick<Permit, 'sources' | 'destinations' | 'services'> | null,
    watched: Permit['watched'],
  ): void {
    const { diagrams, denied, family } = this.#meaning;
    const set = diagrams.subtract(wanted, denied);
    if (diagrams.subtract(set, this.#said) === NONE) return;
    this.#said = diagrams.union([this.#said, set]);
    // Where nothing is taken out of it, a clause stays the product that a person wrote.
    const isWhole = set === wanted && product !== null;
    const parts = isWhole
      ? [{ family, origins: [origin], ...product, watched }]
      : productsOf(diagrams, set, origin).map((part) => ({ ...part, watched }));
    this.#permits.push(...parts);
  }
}

const watchedBy = (mode: Mode): Permit['watched'] => (mode === 'enforce' ? null : mode);

/** Any set as products: sources that reach the same destinations by the same services stand together. */
export function productsOf(diagrams: Diagrams, set: number, origin: string): Permit[] {
  const { family } = diagrams;
  const whole = [wholeRange(family === 4 ? 32 : 128)];
  return split(diagrams, set, 0, whole).flatMap(({ ranges: sources, child: below }) =>
    split(diagrams, below, 1, whole).map(({ ranges: destinations, child }) => ({
      family,
      origins: [origin],
      sources,
      destinations,
      services: diagrams.boxes(child),
      watched: null,
    })),
  );
}

function split(diagrams: Diagrams, node: number, level: number, whole: readonly Range[]) {
  if (node === NONE) return [];
  const branches = node <= 1 ? [] : diagrams.branches(node);
  return branches[0]?.level === level ? branches : [{ ranges: whole, child: node }];
}
