/** Holds facts against what tshark says of the same capture. For tests only. */
import { spawnSync } from 'node:child_process';
import { isAbsolute } from 'node:path';
import type { FactKind, Facts, Sighting } from '@wardline/model';
import { expect } from 'vitest';
import { senseFile, sharedPath } from './captures.ts';

/** Fields of tshark beside the fact that says the same. Sets are compared, since equal sightings are counted together. */
export interface FieldComparison {
  name: string;
  /** Below the shared captures, or anywhere by an absolute path. */
  files: readonly string[];
  filter: string;
  fields: readonly string[];
  /** The value that the fact should have; the fields as they stand where it is absent. */
  theirs?: (fields: string[]) => string | string[];
  ours: (sighting: Sighting) => string | undefined;
  /** Preferences of tshark's (`-o`), decodings (`-d`). */
  options?: readonly string[];
}

/** Reads one fact of one kind. */
export function factOf<K extends FactKind>(kind: K, name: keyof Facts[K]): FieldComparison['ours'] {
  return (sighting) => {
    const value = sighting.kind === kind ? (sighting.facts as Facts[K])[name] : undefined;
    return value === undefined ? undefined : String(value);
  };
}

/** Expects the same values in every file and returns how many there were. */
export async function expectSameValues(comparison: FieldComparison): Promise<number> {
  let count = 0;
  for (const file of comparison.files) {
    const { batches, summary } = await senseFile(pathOf(file));
    expect(summary.packets, `${file} is there and holds packets`).toBeGreaterThan(0);
    const ours = distinct(batches.flatMap((batch) => batch.sightings).map(comparison.ours));
    expect(ours, file).toEqual(tshark(file, comparison));
    count += ours.length;
  }
  return count;
}

const pathOf = (file: string) => (isAbsolute(file) ? file : sharedPath(file));

function tshark(file: string, { filter, fields, theirs, options = [] }: FieldComparison): string[] {
  const shown = fields.flatMap((field) => ['-e', field]);
  const given = [
    ...options,
    '-r',
    pathOf(file),
    '-Y',
    filter,
    '-T',
    'fields',
    '-E',
    'aggregator=;',
    ...shown,
  ];
  const { stdout } = spawnSync('tshark', given, { encoding: 'utf8', maxBuffer: 1 << 28 });
  const read = theirs ?? ((values: string[]) => values.join(' '));
  return distinct(
    stdout
      .split('\n')
      .filter((line) => line !== '')
      .flatMap((line) => read(line.split('\t'))),
  );
}

function distinct(values: readonly (string | undefined)[]): string[] {
  const kept = values.filter((value): value is string => value !== undefined && value !== '');
  return [...new Set(kept)].toSorted((a, b) => (a < b ? -1 : 1));
}
