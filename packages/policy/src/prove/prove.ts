import { Meaning, originOf, type Permit, permitsOf } from '../permits.ts';
import { repliesTo } from '../replies.ts';
import type { Resolved } from '../resolve.ts';
import { boxesOfRuleset, decidingLine, type Line, permittedBy, type Ruleset } from '../ruleset.ts';
import type { Family } from '../space/addresses.ts';
import { type Diagrams, NONE } from '../space/diagrams.ts';
import { type Box, describePacket, type Packet } from '../space/packet.ts';
import { certificateOf, type FamilyCertificate } from './certificate.ts';

/** A packet on which policy and enforcement point differ. */
export interface CounterExample {
  /** `leak`: it passes and should not. `cut`: it should pass and does not. */
  kind: 'leak' | 'cut';
  packet: Packet;
  /** One sentence that a network engineer can check. */
  message: string;
  /** The line that decides on it; null where the default does. */
  line: Line | null;
  /** Declarations of the policy that speak of it. */
  clauses: readonly string[];
  /** Whether a must-allow or a must-deny is broken. */
  breaksMust: boolean;
}

/** What was proved of one family of addresses. */
export interface FamilyProof {
  family: Family;
  equal: boolean;
  /** Packets that pass though nothing declares them, and packets that are declared and do not pass. */
  leaking: bigint;
  cut: bigint;
  counterExamples: CounterExample[];
  /** Nodes of the diagrams: the work that it took. */
  nodes: number;
}

export interface Proof {
  ruleset: string;
  equal: boolean;
  families: FamilyProof[];
  /** What the rules say that the model leaves out. */
  unmodelled: Ruleset['unmodelled'];
  /** Packets on which the target decides by itself. */
  beside: readonly string[];
}

/** Packets in one sentence each; more would not be read. */
const COUNTER_EXAMPLES = 10;

/**
 * The two-sided theorem, on what was read from the enforcement point's own text: for every packet, nothing undeclared
 * passes and everything declared passes. Where it fails, there is a packet for it.
 */
export function prove(resolved: Resolved, ruleset: Ruleset, families: readonly Family[]): Proof {
  const proofs = families.map((family) => proveFamily(resolved, ruleset, family));
  return {
    ruleset: ruleset.name,
    equal: proofs.every(({ equal }) => equal),
    families: proofs,
    unmodelled: ruleset.unmodelled,
    beside: ruleset.beside.map(({ what }) => what),
  };
}

function setOfPermits(diagrams: Diagrams, permits: readonly Permit[]): number {
  const { family } = diagrams;
  return diagrams.union(
    permits
      .filter((permit) => permit.family === family)
      .map(({ sources, destinations, services }) =>
        diagrams.ofProduct(sources, destinations, diagrams.ofServices(services)),
      ),
  );
}

function* boxesOfPermits(permits: readonly Permit[], family: Family): Generator<Box> {
  for (const permit of permits) {
    if (permit.family !== family) continue;
    yield { source: permit.sources, destination: permit.destinations };
    yield* permit.services;
  }
}

/** What an enforcement point should let through; the same for every list of a policy, and much to work out. */
const wantedBefore = new WeakMap<Resolved, Map<boolean, readonly Permit[]>>();

function wantedOf(resolved: Resolved, stateful: boolean): readonly Permit[] {
  const before = wantedBefore.get(resolved) ?? new Map<boolean, readonly Permit[]>();
  wantedBefore.set(resolved, before);
  const known = before.get(stateful);
  if (known !== undefined) return known;
  const permits = permitsOf(resolved);
  const wanted = stateful ? permits : [...permits, ...repliesTo(permits)];
  before.set(stateful, wanted);
  return wanted;
}

interface Comparison {
  meaning: Meaning;
  /** Of the packets that can exist and on which the lines decide. */
  expected: number;
  actual: number;
}

function compare(resolved: Resolved, ruleset: Ruleset, family: Family): Comparison {
  const wanted = wantedOf(resolved, ruleset.stateful);
  const meaning = new Meaning(resolved, family, [
    ...boxesOfPermits(wanted, family),
    ...boxesOfRuleset(ruleset, family),
  ]);
  const { diagrams } = meaning;
  const aside = ruleset.beside
    .filter((part) => part.family === family)
    .flatMap(({ boxes }) => boxes.map((box) => diagrams.ofBox(box)));
  const possible = diagrams.subtract(diagrams.possible, diagrams.union(aside));
  const expected = diagrams.intersect(setOfPermits(diagrams, wanted), possible);
  const actual = diagrams.intersect(permittedBy(ruleset, diagrams), possible);
  return { meaning, expected, actual };
}

function proveFamily(resolved: Resolved, ruleset: Ruleset, family: Family): FamilyProof {
  const { meaning, expected, actual } = compare(resolved, ruleset, family);
  const { diagrams } = meaning;
  const leaking = diagrams.subtract(actual, expected);
  const cut = diagrams.subtract(expected, actual);
  return {
    family,
    equal: expected === actual,
    leaking: diagrams.count(leaking),
    cut: diagrams.count(cut),
    counterExamples: [
      ...examples(resolved, meaning, ruleset, 'leak', leaking),
      ...examples(resolved, meaning, ruleset, 'cut', cut),
    ],
    nodes: diagrams.size,
  };
}

/** The partition of all packets by which anybody can check equality; null where the two differ. */
export function certify(resolved: Resolved, ruleset: Ruleset, family: Family): FamilyCertificate | null {
  const { meaning, expected, actual } = compare(resolved, ruleset, family);
  return expected === actual ? certificateOf(meaning.diagrams, actual) : null;
}

/** One packet for each line that is concerned, most harmful first. */
function examples(
  resolved: Resolved,
  meaning: Meaning,
  ruleset: Ruleset,
  kind: CounterExample['kind'],
  difference: number,
): CounterExample[] {
  const { diagrams } = meaning;
  const found: CounterExample[] = [];
  for (let rest = difference; rest !== NONE && found.length < COUNTER_EXAMPLES; ) {
    const packet = diagrams.pick(mostHarmful(resolved, meaning, kind, rest))!;
    const line = decidingLine(ruleset, packet);
    found.push(counterExample(resolved, meaning, kind, packet, line));
    rest = diagrams.subtract(
      rest,
      line === null ? sameClauses(resolved, meaning, packet) : setOfLine(diagrams, line),
    );
  }
  return found;
}

function mostHarmful(
  resolved: Resolved,
  meaning: Meaning,
  kind: CounterExample['kind'],
  rest: number,
): number {
  const must = resolved.clauses.filter(
    ({ kind: of }) => of === (kind === 'cut' ? 'must-allow' : 'must-deny'),
  );
  for (const clause of must) {
    const broken = meaning.diagrams.intersect(rest, meaning.setOf(clause));
    if (broken !== NONE) return broken;
  }
  return rest;
}

const setOfLine = (diagrams: Diagrams, line: Line): number =>
  diagrams.union(line.boxes.map((box) => diagrams.ofBox(box)));

/** Everything of the first clause that holds the packet, so that the next example tells something new. */
function sameClauses(resolved: Resolved, meaning: Meaning, packet: Packet): number {
  const clause = resolved.clauses.find((other) => meaning.diagrams.has(meaning.setOf(other), packet));
  return clause === undefined ? 1 : meaning.setOf(clause);
}

function counterExample(
  resolved: Resolved,
  meaning: Meaning,
  kind: CounterExample['kind'],
  packet: Packet,
  line: Line | null,
): CounterExample {
  const speaking = resolved.clauses.filter((clause) => meaning.diagrams.has(meaning.setOf(clause), packet));
  const by = line === null ? 'the default at the end' : `line ${line.line} (${line.text.trim()})`;
  const verdict = kind === 'leak' ? 'passes though nothing declares it' : 'is declared and does not pass';
  const clauses = speaking.map(originOf);
  const declared = clauses.length === 0 ? '' : `; it is spoken of by ${clauses.join(', ')}`;
  return {
    kind,
    packet,
    message: `${describePacket(packet)} ${verdict}: ${by} decides${declared}`,
    line,
    clauses,
    breaksMust: speaking.some((clause) => clause.kind === (kind === 'cut' ? 'must-allow' : 'must-deny')),
  };
}
