import type { DeviceClass, DeviceGroup } from './schema.ts';

/** The published classes of devices and how they relate. */
export class Taxonomy {
  readonly groups: ReadonlyMap<string, DeviceGroup>;
  readonly classes: ReadonlyMap<string, DeviceClass>;
  readonly #compatible: ReadonlySet<string>;

  constructor(
    groups: readonly DeviceGroup[],
    classes: readonly DeviceClass[],
    compatible: readonly (readonly [string, string])[],
  ) {
    this.groups = new Map(groups.map((group) => [group.id, group]));
    this.classes = new Map(classes.map((entry) => [entry.id, entry]));
    this.#compatible = new Set(compatible.flatMap(([a, b]) => [`${a} ${b}`, `${b} ${a}`]));
  }

  /** The class's label for people; the id itself where it is not in the taxonomy. */
  label(id: string | null): string {
    return this.classes.get(id ?? 'unknown')?.label ?? id ?? 'Unknown';
  }

  groupOf(id: string | null): DeviceGroup | null {
    return this.groups.get(this.classes.get(id ?? 'unknown')?.group ?? '') ?? null;
  }

  /** True for the classes of care: their failure or misuse reaches patients. */
  isClinical(id: string | null): boolean {
    return this.groupOf(id)?.clinical ?? false;
  }

  /** True where `id` is `ancestor` or a kind of it. */
  isKindOf(id: string, ancestor: string): boolean {
    for (let at: string | undefined = id, steps = 0; at !== undefined && steps < 8; steps += 1) {
      if (at === ancestor) return true;
      at = this.classes.get(at)?.parent;
    }
    return false;
  }

  /** True where evidence of one does not speak against the other: a kind of it, or both roles of one machine. */
  compatible(a: string, b: string): boolean {
    if (this.isKindOf(a, b) || this.isKindOf(b, a)) return true;
    const lineage = (id: string) => [id, this.classes.get(id)?.parent ?? id];
    return lineage(a).some((x) => lineage(b).some((y) => this.#compatible.has(`${x} ${y}`)));
  }
}
