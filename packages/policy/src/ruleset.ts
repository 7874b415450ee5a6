import type { Family } from './space/addresses.ts';
import { Diagrams, NONE } from './space/diagrams.ts';
import { type Box, contains, type Packet } from './space/packet.ts';

/** One line of what an enforcement point runs, read from its text. The first line that holds a packet decides. */
export interface Line {
  family: Family;
  action: 'permit' | 'deny';
  /** Any of them; none: the line holds no packet. */
  boxes: readonly Box[];
  /** Counted from 1. */
  line: number;
  text: string;
}

/** What a reader did not model, and so what a proof says nothing about. */
export interface Unmodelled {
  line: number;
  what: string;
}

/** An enforcement point's rules; what no line holds meets the default. */
export interface Ruleset {
  name: string;
  lines: readonly Line[];
  otherwise: 'permit' | 'deny';
  /** With state: lines speak of opening packets only, and replies pass by themselves. */
  stateful: boolean;
  unmodelled: readonly Unmodelled[];
  /** Packets on which the target decides by itself, whatever its lines say; a proof leaves them out and names them. */
  beside: readonly { family: Family; boxes: readonly Box[]; what: string }[];
}

/** A fault of a configuration's text. */
export interface ReadFault {
  line: number;
  message: string;
}

export type ReadResult = { rulesets: Ruleset[] } | { fault: ReadFault };

export function* boxesOfRuleset({ lines, beside }: Ruleset, family: Family): Generator<Box> {
  for (const line of [...lines, ...beside]) if (line.family === family) yield* line.boxes;
}

/** The packets that the rules let through. Runs of lines with one action are joined first. */
export function permittedBy(ruleset: Ruleset, diagrams: Diagrams): number {
  const runs: { action: Line['action']; sets: number[] }[] = [];
  for (const line of ruleset.lines) {
    if (line.family !== diagrams.family) continue;
    const sets = line.boxes.map((box) => diagrams.ofBox(box));
    const run = runs.at(-1);
    if (run?.action === line.action) run.sets.push(...sets);
    else runs.push({ action: line.action, sets: [...sets] });
  }
  let passing: number = ruleset.otherwise === 'permit' ? 1 : NONE;
  for (const { action, sets } of runs.toReversed()) {
    const set = diagrams.union(sets);
    passing = action === 'permit' ? diagrams.union([passing, set]) : diagrams.subtract(passing, set);
  }
  return passing;
}

/** The line that decides on a packet; null where the default does. */
export function decidingLine(ruleset: Ruleset, packet: Packet): Line | null {
  const holds = ({ family, boxes }: Line) =>
    family === packet.family && boxes.some((box) => contains(box, packet));
  return ruleset.lines.find(holds) ?? null;
}

export interface Shadow {
  line: Line;
  /** `never`: earlier lines hold all of it. `redundant`: without it the same packets pass. */
  kind: 'never' | 'redundant' | 'empty';
  /** The earlier lines that hold its packets. */
  by: readonly Line[];
}

/**
 * Lines that never decide, or whose leaving out changes nothing. A line under a condition that is left out covers nothing, and
 * before one nothing is called redundant: it might be what decides.
 */
export function shadowsOf(ruleset: Ruleset, family: Family): Shadow[] {
  const lines = ruleset.lines.filter((line) => line.family === family);
  const diagrams = new Diagrams(family, boxesOfRuleset(ruleset, family));
  const sets = lines.map((line) => diagrams.union(line.boxes.map((box) => diagrams.ofBox(box))));
  const after = passingAfter(ruleset, diagrams, lines, sets);
  const shadows: Shadow[] = [];
  const conditional = new Set(ruleset.unmodelled.map(({ line }) => line));
  const lastCondition = ruleset.unmodelled.reduce((most, { line }) => Math.max(most, line), 0);
  let covered: number = NONE;
  for (const [index, line] of lines.entries()) {
    const set = sets[index]!;
    const own = diagrams.subtract(set, covered);
    if (set === NONE) shadows.push({ line, kind: 'empty', by: [] });
    else if (own === NONE)
      shadows.push({
        line,
        kind: 'never',
        by: earlier(diagrams, lines, sets, index).filter((other) => !conditional.has(other.line)),
      });
    else if (lastCondition < line.line && changesNothing(diagrams, line, own, after[index + 1]!))
      shadows.push({ line, kind: 'redundant', by: [] });
    if (!conditional.has(line.line)) covered = diagrams.union([covered, set]);
  }
  return shadows;
}

/** What would pass if the list began at each line, and at its end. */
function passingAfter(
  ruleset: Ruleset,
  diagrams: Diagrams,
  lines: readonly Line[],
  sets: readonly number[],
): number[] {
  const after: number[] = [];
  after[lines.length] = ruleset.otherwise === 'permit' ? 1 : NONE;
  for (let index = lines.length - 1; index >= 0; index -= 1)
    after[index] =
      lines[index]!.action === 'permit'
        ? diagrams.union([after[index + 1]!, sets[index]!])
        : diagrams.subtract(after[index + 1]!, sets[index]!);
  return after;
}

function changesNothing(diagrams: Diagrams, { action }: Line, own: number, rest: number): boolean {
  return action === 'permit' ? diagrams.subtract(own, rest) === NONE : diagrams.intersect(own, rest) === NONE;
}

function earlier(diagrams: Diagrams, lines: readonly Line[], sets: readonly number[], index: number): Line[] {
  return lines.slice(0, index).filter((_, other) => diagrams.intersect(sets[other]!, sets[index]!) !== NONE);
}
