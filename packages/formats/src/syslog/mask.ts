import { LOG_FIELDS, LOG_TEXT } from '@wardline/model';

/** Names under which applications write of patients, and secrets. `pid` is a process's. */
const named =
  '(?:patient|pat)(?:[ _-]?(?:id|name|no|number|nr))?|mrn|medical[ _-]?record(?:[ _-]?number)?|ssn|dob|birth(?:[ _-]?(?:date|day))?|given[ _-]?name|family[ _-]?name|surname|first[ _-]?name|last[ _-]?name|accession(?:[ _-]?number)?|insurance[ _-]?(?:id|no|number)|address|phone|password|passwd|pwd|passphrase|secret|token|api[ _-]?key|cookie|community';
const pairs = new RegExp(`\\b(${named})(["']?\\s*[=:]\\s*|["']? is )("[^"]*"|'[^']*'|[^\\s,;&\\])}]+)`, 'gi');
const keyOnly = new RegExp(`^(?:${named})$`, 'i');

/** Each pattern with what of it stays in front. */
const shapes: readonly [RegExp, string][] = [
  // HL7 version 2: a segment of a message that somebody logged, to its end.
  [/\b(?:MSH|PID|NK1|GT1|IN1|PV1|OBX|OBR|ORC|NTE)\|.*/g, ''],
  // DICOM: an element of the patient's group with its value.
  [/\(0010,[0-9a-f]{4}\).*/gi, ''],
  [/\b(?:Bearer|Basic|Digest) [\w+/=.~-]+/g, ''],
  [/[\w.+-]+@[\w-]+\.[\w.-]+/g, ''],
  [/\b\d{3}-\d\d-\d{4}\b/g, ''],
  [/\b\d{1,2}[./]\d{1,2}[./](?:19|20)\d\d\b/g, ''],
];
/** A number as long as a patient's; amounts and spans under their names are none. */
const longNumber =
  /(?<![\w.:#-])(?<!\b(?:bytes|byte|size|len|length|duration|time|sent|rcvd|sentbyte|rcvdbyte|count)=)\d{7,}(?![\w:.-]*:)/gi;

/** Replaces what stands for patients and secrets by keyed hashes, so that equal values stay equal and nobody can read them. */
export class LogMask {
  readonly #mark: (value: string) => string;

  constructor(mark: (value: string) => string) {
    this.#mark = mark;
  }

  text(text: string): string {
    let masked = text.slice(0, LOG_TEXT);
    for (const [shape] of shapes) masked = masked.replaceAll(shape, (found) => this.#hidden(found));
    masked = masked.replaceAll(pairs, (_, name: string, sign: string, value: string) =>
      value.startsWith('[#') ? `${name}${sign}${value}` : `${name}${sign}${this.#hidden(value)}`,
    );
    return masked.replaceAll(longNumber, (found) => this.#hidden(found)).slice(0, LOG_TEXT);
  }

  value(name: string, value: string): string {
    const last = name.slice(name.lastIndexOf('.') + 1);
    return keyOnly.test(last) ? this.#hidden(value) : this.text(value).slice(0, 512);
  }

  #hidden(value: string): string {
    return `[#${this.#mark(value.replaceAll(/^["']|["']$/g, '')).slice(0, 8)}]`;
  }
}

const pair = /(?:^|[\s,;{(])"?([A-Za-z][\w.-]{0,63})"?[=:]("(?:[^"\\]|\\.)*"|[^\s,;"}\])]+)/g;

/** Pairs that a text names, masked already: `user=root`, `"user":"root"`. */
export function pairsOf(text: string): [string, string][] {
  const found: [string, string][] = [];
  for (const [, name, value] of text.matchAll(pair)) {
    if (found.length >= LOG_FIELDS) break;
    found.push([name!, value!.replaceAll(/^"|"$/g, '').slice(0, 512)]);
  }
  return found;
}
