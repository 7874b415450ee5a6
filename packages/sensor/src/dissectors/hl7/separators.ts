/** What a message separates by (HL7 v2 §2.5.4), as far as whole components are looked at. */
export interface Separators {
  field: string;
  component: string;
  repetition: string;
}

/** Reads MSH-1 and MSH-2 (or those of FHS and BHS) from a segment's text; null where they are not separators. */
export function parseSeparators(segment: string): Separators | null {
  const match = /^(?:MSH|FHS|BHS)([^A-Za-z0-9\s])([^A-Za-z0-9\s]{1,5})/.exec(segment);
  const field = match?.[1];
  if (field === undefined) return null;
  const [component = '^', repetition = '~'] = (match?.[2] ?? '').split(field, 1)[0] ?? '';
  return { field, component, repetition };
}

/** One segment: `field(n)` is its n-th field as the standard counts them, for MSH too. */
export class Segment {
  readonly name: string;
  readonly #fields: string[];
  readonly #separators: Separators;

  constructor(text: string, separators: Separators, most: number) {
    const fields = text.split(separators.field, most);
    this.name = fields[0] ?? '';
    // MSH-1 is the separator itself (§2.14.9).
    if (/^(MSH|FHS|BHS)$/.test(this.name)) fields.splice(1, 0, separators.field);
    this.#fields = fields;
    this.#separators = separators;
  }

  field(number: number): string {
    return this.#fields[number] ?? '';
  }

  repetitions(number: number, most: number): string[] {
    return this.field(number)
      .split(this.#separators.repetition, most)
      .filter((value) => value !== '');
  }

  components(number: number): string[] {
    return this.split(this.repetitions(number, 1)[0] ?? '');
  }

  /** The components of one repetition. */
  split(value: string): string[] {
    return value.split(this.#separators.component);
  }
}
