import { type Threat, threatSchema } from '@wardline/model';
import { z } from 'zod';
import { KnowledgeError, type KnowledgeFault } from './located-error.ts';
import type { FindingRule } from './schema.ts';
import type { Taxonomy } from './taxonomy.ts';

export const threatsFileSchema = z.strictObject({
  source: z.string().min(3),
  licence: z.string().min(2),
  threats: z.array(threatSchema),
});
type ThreatsFile = z.infer<typeof threatsFileSchema> & { file: string };

/** What can be done to devices of a class, and to what passes between them. A later entry of the same id replaces an earlier one. */
export class Threats {
  readonly all: ReadonlyMap<string, Threat>;
  readonly #taxonomy: Taxonomy;

  /** @throws KnowledgeError where a class, a group or a rule does not exist */
  constructor(files: readonly ThreatsFile[], taxonomy: Taxonomy, rules: ReadonlyMap<string, FindingRule>) {
    const faults = files.flatMap((file) => faultsOf(file, taxonomy, rules));
    if (faults.length > 0) throw new KnowledgeError(faults);
    this.#taxonomy = taxonomy;
    this.all = new Map(files.flatMap(({ threats }) => threats.map((threat) => [threat.id, threat])));
  }

  /** Threats to devices of the class; of a device of which it is unknown what it is, those that every class has. */
  ofDevice(deviceClass: string | null): Threat[] {
    return [...this.all.values()].filter(
      (threat) => threat.on === 'device' && this.#isFor(threat, deviceClass),
    );
  }

  ofFlow(): Threat[] {
    return [...this.all.values()].filter(({ on }) => on === 'flow');
  }

  #isFor({ classes, groups }: Threat, deviceClass: string | null): boolean {
    if (classes.length + groups.length === 0) return true;
    if (deviceClass === null) return false;
    const group = this.#taxonomy.groupOf(deviceClass)?.id ?? '';
    return groups.includes(group) || classes.some((id) => this.#taxonomy.isKindOf(deviceClass, id));
  }
}

function faultsOf(
  { file, threats }: ThreatsFile,
  taxonomy: Taxonomy,
  rules: ReadonlyMap<string, FindingRule>,
): KnowledgeFault[] {
  const strange = (
    entry: string,
    field: string,
    ids: readonly string[],
    known: ReadonlyMap<string, unknown>,
    what: string,
  ) =>
    ids
      .filter((one) => !known.has(one))
      .map((one) => ({ file, entry, field, expected: `${what}, not "${one}"` }));
  return threats.flatMap(({ id, classes, groups, opened }) => [
    ...strange(id, 'classes', classes, taxonomy.classes, 'a class of the taxonomy'),
    ...strange(id, 'groups', groups, taxonomy.groups, 'a group of the taxonomy'),
    ...strange(id, 'opened', opened, rules, 'a rule of the findings'),
  ]);
}
