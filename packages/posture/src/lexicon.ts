import type {
  Baseline,
  DeviceClass,
  EndOfSupport,
  FindingRule,
  Knowledge,
  RiskyInterface,
} from '@wardline/knowledge';
import { type Criticality, criticalities } from '@wardline/model';

/** A believed operating system may be as long as its claim; patterns are tried on its start. */
const OS_CHARS = 256;

/** The knowledge's tables, asked the way the rules ask. */
export class Lexicon {
  readonly #knowledge: Knowledge;
  readonly #systems: readonly (EndOfSupport & { expression: RegExp })[];

  constructor(knowledge: Knowledge) {
    this.#knowledge = knowledge;
    this.#systems = knowledge.operatingSystems.map((item) => ({
      ...item,
      expression: new RegExp(item.pattern, 'i'),
    }));
  }

  class(id: string | null): DeviceClass | null {
    return this.#knowledge.taxonomy.classes.get(id ?? '') ?? null;
  }

  isClinicalGroup(group: string): boolean {
    return this.#knowledge.taxonomy.groups.get(group)?.clinical ?? false;
  }

  criticality(value: string | null): Criticality {
    return criticalities.find((item) => item === value) ?? 'unknown';
  }

  /** What a protocol is called among people. */
  protocolLabel(name: string): string {
    return this.#knowledge.protocols.get(name)?.label ?? name.toUpperCase();
  }

  isClinicalProtocol(name: string | null): boolean {
    return this.#knowledge.protocols.get(name ?? '')?.clinical ?? false;
  }

  carriesPhi(name: string | null): boolean {
    return this.#knowledge.protocols.get(name ?? '')?.phi ?? false;
  }

  /** What the published credential of this label is a default of; nothing where the label is not known. */
  productsOf(label: string): readonly string[] {
    return this.#knowledge.defaultProducts.get(label) ?? [];
  }

  /** True where a product's name begins with the maker, under any of its names. */
  isBy(product: string, maker: string): boolean {
    return this.#knowledge.vendors.agree(product, maker);
  }

  /** The operating system whose support has an end, where the text names one; a later entry is more specific. */
  endOfSupport(os: string): EndOfSupport | null {
    const text = os.slice(0, OS_CHARS);
    return this.#systems.findLast((item) => item.expression.test(text)) ?? null;
  }

  /** By which services devices can be reached past their purpose. */
  get interfaces(): readonly RiskyInterface[] {
    return this.#knowledge.baselines.interfaces;
  }

  baseline(deviceClass: string, group: string): Baseline | null {
    return this.#knowledge.baselines.of(deviceClass, group);
  }

  /** A rule without its text in the knowledge is a broken contract, not a finding without words. */
  rule(id: string): FindingRule {
    const rule = this.#knowledge.findingRules.get(id);
    if (!rule) throw new Error(`the knowledge has no text for the finding rule ${id}`);
    return rule;
  }
}
