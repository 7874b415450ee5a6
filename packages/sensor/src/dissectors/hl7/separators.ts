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

const HEADERS = new Set(['MSH', 'FHS', 'BHS']);

/**
 * One segment: `field(n)` is its n-th field as the standard counts them, for MSH too. Most are only asked for their
 * name, and of the others few fields, so that fields are found by their offsets and cut out when they are asked for.
 */
export class Segment {
  readonly name: string;
  readonly #text: string;
  readonly #separators: Separators;
  readonly #most: number;
  /** MSH-1 is the separator itself (§2.14.9). */
  readonly #shift: number;
  /** Where each field ends. */
  #ends: number[] | null = null;

  constructor(text: string, separators: Separators, most: number) {
    const end = text.indexOf(separators.field);
    this.name = end < 0 ? text : text.slice(0, end);
    this.#text = text;
    this.#separators = separators;
    this.#most = most;
    this.#shift = HEADERS.has(this.name) ? 1 : 0;
  }

  field(number: number): string {
    if (this.#shift === 1 && number === 1) return this.#separators.field;
    this.#ends ??= this.#find();
    const at = this.#shift === 1 && number > 1 ? number - 1 : number;
    const end = this.#ends[at];
    if (end === undefined) return '';
    return this.#text.slice(at === 0 ? 0 : this.#ends[at - 1]! + 1, end);
  }

  repetitions(number: number, most: number): string[] {
    const field = this.field(number);
    if (field === '') return [];
    if (!field.includes(this.#separators.repetition)) return [field];
    return field.split(this.#separators.repetition, most).filter((value) => value !== '');
  }

  components(number: number): string[] {
    return this.split(this.repetitions(number, 1)[0] ?? '');
  }

  /** The components of one repetition. */
  split(value: string): string[] {
    return value.split(this.#separators.component);
  }

  #find(): number[] {
    const ends: number[] = [];
    const text = this.#text;
    const { field } = this.#separators;
    for (let at = text.indexOf(field); at >= 0 && ends.length < this.#most; at = text.indexOf(field, at + 1))
      ends.push(at);
    if (ends.length < this.#most) ends.push(text.length);
    return ends;
  }
}
