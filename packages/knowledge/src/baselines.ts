import type { Baseline, BaselinesFile, RiskyInterface } from './baseline-schema.ts';
import { KnowledgeError, type KnowledgeFault } from './located-error.ts';
import type { Taxonomy } from './taxonomy.ts';

/** Which interfaces a device of a class has no need of. A later entry of the same id replaces an earlier one. */
export class Baselines {
  readonly interfaces: readonly RiskyInterface[];
  readonly #byClass = new Map<string, Baseline>();
  readonly #byGroup = new Map<string, Baseline>();

  /** @throws KnowledgeError where a class or a group does not exist */
  constructor(files: readonly (BaselinesFile & { file: string })[], taxonomy: Taxonomy) {
    const faults = files.flatMap((file) => faultsOf(file, taxonomy));
    if (faults.length > 0) throw new KnowledgeError(faults);
    this.interfaces = lastOfEach(files.flatMap(({ interfaces }) => interfaces));
    for (const baseline of lastOfEach(files.flatMap(({ baselines }) => baselines))) {
      for (const id of baseline.classes) this.#byClass.set(id, baseline);
      for (const id of baseline.groups) this.#byGroup.set(id, baseline);
    }
  }

  /** The one that names the class, else that of its group; null where there is none. */
  of(deviceClass: string, group: string): Baseline | null {
    return this.#byClass.get(deviceClass) ?? this.#byGroup.get(group) ?? null;
  }
}

function lastOfEach<T extends { id: string }>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [item.id, item])).values()];
}

function faultsOf(
  { file, baselines }: BaselinesFile & { file: string },
  taxonomy: Taxonomy,
): KnowledgeFault[] {
  return baselines.flatMap(({ id: entry, classes, groups }) => [
    ...classes
      .filter((id) => !taxonomy.classes.has(id))
      .map((id) => ({ file, entry, field: 'classes', expected: `a class of the taxonomy, not "${id}"` })),
    ...groups
      .filter((id) => !taxonomy.groups.has(id))
      .map((id) => ({ file, entry, field: 'groups', expected: `a group of the taxonomy, not "${id}"` })),
  ]);
}
