import type { Sighting } from '@wardline/model';
import type { FieldComparison, Stated } from './comparison.ts';
import type { PacketTree } from './packet-tree.ts';

/** A fact of a file that only one of the two states. */
export interface Difference {
  protocol: string;
  fact: string;
  file: string;
  onlyTheirs: string[];
  onlyOurs: string[];
}

/** One line of the table. */
export interface Agreement {
  protocol: string;
  fact: string;
  fields: string;
  files: number;
  theirs: number;
  ours: number;
  equal: number;
  differing: number;
}

export interface Examined {
  file: string;
  packets: readonly PacketTree[];
  sightings: readonly Sighting[];
}

/** Compares the sets of (subject, value) of each file. */
export function agreementOn(
  comparison: FieldComparison,
  files: readonly Examined[],
): { line: Agreement; differences: Difference[] } {
  const { protocol, fact, fields } = comparison;
  const line = { protocol, fact, fields, files: 0, theirs: 0, ours: 0, equal: 0, differing: 0 };
  const differences: Difference[] = [];
  for (const { file, packets, sightings } of files) {
    const theirs = setOf(packets.flatMap(comparison.theirs));
    const ours = setOf(sightings.flatMap(comparison.ours));
    if (theirs.size + ours.size === 0) continue;
    const onlyTheirs = [...theirs].filter((value) => !ours.has(value));
    const onlyOurs = [...ours].filter((value) => !theirs.has(value));
    line.files += 1;
    line.theirs += theirs.size;
    line.ours += ours.size;
    line.equal += theirs.size - onlyTheirs.length;
    line.differing += Math.max(onlyTheirs.length, onlyOurs.length);
    if (onlyTheirs.length + onlyOurs.length > 0)
      differences.push({ protocol, fact, file, onlyTheirs, onlyOurs });
  }
  return { line, differences };
}

function setOf(all: readonly Stated[]): Set<string> {
  return new Set(all.map(({ about, value }) => `${about} ${value}`));
}

/** The table in Markdown, as the guide has it. */
export function tableOf(lines: readonly Agreement[]): string {
  const rows = lines.map(
    ({ protocol, fact, fields, files, theirs, ours, equal, differing }) =>
      `| ${protocol} | ${fact} | ${fields} | ${files} | ${theirs} | ${ours} | ${equal} | ${differing} |`,
  );
  const head = '| protocol | fact | tshark | files | tshark states | we state | equal | explained |';
  return [head, '|---|---|---|---|---|---|---|---|', ...rows].join('\n');
}
