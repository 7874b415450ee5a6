import { MAX_FIELDS, MAX_RECORD, MAX_REPETITIONS } from './limits.ts';

/** The delimiters of one message, from its header record (LIS2-A2 §5.4). */
export interface Delimiters {
  field: string;
  repetition: string;
  component: string;
}

/** One record: `field(n)` is its n-th field as LIS2-A2 counts them, the record's type being the first. */
export class AstmRecord {
  readonly type: string;
  readonly #fields: readonly string[];
  readonly #delimiters: Delimiters;

  constructor(text: string, delimiters: Delimiters) {
    this.type = text.charAt(0).toUpperCase();
    this.#fields = text.split(delimiters.field, MAX_FIELDS);
    this.#delimiters = delimiters;
  }

  field(number: number): string {
    return this.#fields[number - 1] ?? '';
  }

  /** The repetitions that hold anything. */
  repetitions(number: number): string[] {
    const parts = this.field(number).split(this.#delimiters.repetition, MAX_REPETITIONS);
    return parts.filter((part) => this.components(part).some((value) => value.trim() !== ''));
  }

  components(value: string): string[] {
    return value.split(this.#delimiters.component);
  }
}

export function readDelimiters(header: string): Delimiters | null {
  const [, field = '', repetition = '', component = ''] = header;
  return component === '' ? null : { field, repetition, component };
}

/** Puts records together from the texts of frames: a record ends with CR, or with the last frame's end. */
export class RecordAssembler {
  #pending = '';
  #skipping = false;

  take(text: string, last: boolean, use: (record: string) => void): void {
    const parts = text.split(/[\r\n]/);
    for (const [at, part] of parts.entries()) {
      this.#append(part);
      if (at < parts.length - 1 || last) this.#flush(use);
    }
  }

  reset(): void {
    this.#pending = '';
    this.#skipping = false;
  }

  #append(part: string): void {
    this.#skipping ||= this.#pending.length + part.length > MAX_RECORD;
    this.#pending = this.#skipping ? '' : this.#pending + part;
  }

  #flush(use: (record: string) => void): void {
    const record = this.#pending;
    this.reset();
    if (record !== '') use(record);
  }
}
