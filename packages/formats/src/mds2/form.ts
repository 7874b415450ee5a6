import { chapterOf, questions2013 } from './questions-2013.ts';
import { questions2019 } from './questions-2019.ts';

/** HN 1-2019, or HN 1-2013 before it. */
export type Mds2Edition = '2019' | '2013';
/** `blank`: nothing is said; `unclear`: something is said that is neither yes nor no nor a pointer to a note. */
export type Mds2Value = 'yes' | 'no' | 'not-applicable' | 'see-note' | 'text' | 'blank' | 'unclear';

export interface Mds2Answer {
  /** As the standard writes it, e.g. `AUDT-2.1` or `2-2.1`. */
  id: string;
  section: string;
  /** What the question is about, in our own words. */
  about: string;
  value: Mds2Value;
  /** As it stands there. */
  text: string;
  note: string | null;
  /** `MDS2!D14`, `row 14, column D`, or `page 3, line 12`. */
  place: string;
}

export interface Mds2Warning {
  place: string;
  message: string;
}

export interface Mds2Product {
  manufacturer: string | null;
  description: string | null;
  model: string | null;
  document: string | null;
  contact: string | null;
  /** As it stands there; a date of a spreadsheet as YYYY-MM-DD. */
  released: string | null;
  software: string | null;
}

export interface Mds2Form {
  edition: Mds2Edition;
  product: Mds2Product;
  /** In the order of the form, each question once. */
  answers: Mds2Answer[];
  /** Questions of the edition that the file does not have. */
  missing: string[];
  warnings: Mds2Warning[];
}

/** A form, or why the file is none and where. */
export type Mds2Reading = { form: Mds2Form } | { fault: Mds2Warning };

/** Only a file that cannot be read at all is thrown, and only within this package. */
export class FormFault extends Error {
  override readonly name = 'FormFault';
  readonly place: string;

  constructor(place: string, message: string) {
    super(message);
    this.place = place;
  }
}

export const questionsOf = (edition: Mds2Edition): Readonly<Record<string, string>> =>
  edition === '2019' ? questions2019 : questions2013;

export const sectionOf = (edition: Mds2Edition, id: string): string =>
  edition === '2019' ? id.slice(0, id.indexOf('-')) : chapterOf(id);

const freeText = new Set(['DOC-1', 'DOC-2', 'DOC-3', 'DOC-4', 'DOC-5', 'DOC-6', 'DOC-7', '14-1']);

/** Whether the question asks for words instead of yes or no. */
export const asksForText = (id: string): boolean => freeText.has(id);

const headings = new Set(['B', 'C', 'D', '2-2', '2-3']);

/** Whether the question only heads those below it and is answered by none itself. */
export const isHeading = (id: string): boolean => headings.has(id);
