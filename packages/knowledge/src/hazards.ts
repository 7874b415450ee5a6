import {
  type HazardKind,
  type HazardousSituation,
  harmSeverities,
  hazardKinds,
  hazardousSituationSchema,
} from '@wardline/model';
import { z } from 'zod';
import type { KnowledgeFault } from './located-error.ts';
import type { Taxonomy } from './taxonomy.ts';

export const hazardSchema = z
  .strictObject({
    /** A class of the taxonomy, or `group:` and a group of it. */
    of: z.string().min(2),
    degraded: hazardousSituationSchema,
    lost: hazardousSituationSchema,
    controlled: hazardousSituationSchema,
  })
  .refine(neverFalls, 'a severity that never falls from degraded over lost to controlled');
export type Hazard = z.infer<typeof hazardSchema>;

function neverFalls(hazard: Record<HazardKind, HazardousSituation>): boolean {
  const grades = hazardKinds.map((kind) => harmSeverities.indexOf(hazard[kind].severity));
  return grades.every((grade, at) => at === 0 || grade >= grades[at - 1]!);
}

export const hazardsFileSchema = z.strictObject({
  source: z.string().min(3),
  licence: z.string().min(2),
  hazards: z.array(hazardSchema),
});

/** What a device can do to a patient, by its class, else by the class that it is a kind of, else by its group. */
export class Hazards {
  readonly #taxonomy: Taxonomy;
  readonly #entries: ReadonlyMap<string, Hazard>;

  constructor(taxonomy: Taxonomy, entries: readonly Hazard[]) {
    this.#taxonomy = taxonomy;
    this.#entries = new Map(entries.map((entry) => [entry.of, entry]));
  }

  /** Null where nothing is known of the class, or of what the device is. */
  of(deviceClass: string | null): Hazard | null {
    let at = deviceClass;
    for (let steps = 0; at !== null && steps < 8; steps += 1) {
      const entry = this.#entries.get(at);
      if (entry !== undefined) return entry;
      at = this.#taxonomy.classes.get(at)?.parent ?? null;
    }
    if (deviceClass === null || !this.#taxonomy.classes.has(deviceClass)) return null;
    return this.#entries.get(`group:${this.#taxonomy.groupOf(deviceClass)?.id}`) ?? null;
  }
}

/** Entries about a class or group that the taxonomy does not have. */
export function hazardFaults(
  taxonomy: Taxonomy,
  files: readonly { file: string; hazards: readonly Hazard[] }[],
): KnowledgeFault[] {
  const known = (of: string): boolean =>
    of.startsWith('group:') ? taxonomy.groups.has(of.slice('group:'.length)) : taxonomy.classes.has(of);
  return files.flatMap(({ file, hazards }) =>
    hazards
      .filter(({ of }) => !known(of))
      .map(({ of }) => ({
        file,
        entry: of,
        field: 'of',
        expected: `a class of the taxonomy or group: and a group of it, not "${of}"`,
      })),
  );
}
