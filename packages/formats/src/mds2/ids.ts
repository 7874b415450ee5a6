import { distance } from './answers.ts';
import type { Mds2Edition } from './form.ts';
import { questions2013 } from './questions-2013.ts';
import { questions2019 } from './questions-2019.ts';

/** What stands where an id is expected, taken apart. */
export interface PrintedId {
  printed: string;
  /** Of 2019: the letters in front, as they stand. */
  code: string;
  number: string;
  /** What else stands in the cell: a question that shares it, perhaps with its answer. */
  rest: string;
}

const codes = [...new Set(Object.keys(questions2019).map((id) => id.slice(0, id.indexOf('-'))))];
const isCode = new Set(codes);
const whole =
  /^\(?([A-Za-z0-9]{3,6})[\s\-–—‑−_.:]{0,3}([\dOoIl]{1,2}(?:[\s.,\-–_]{1,2}[\dOoIl]{1,2})*)[\s.):*]*$/;
const leading = /^\(?([A-Za-z]{3,5})\s?[-–—‑−_]?\s?(\d{1,2}(?:\.\d{1,2})*)(?:\s*[,:;|.)]\s*|\s+)(\S[\s\S]*)$/;

/** Reads an id of 2019, alone in its cell or before its question, or null. */
export function printed2019(text: string): PrintedId | null {
  const alone = whole.exec(text.trim());
  if (alone !== null && /[A-Za-z]/.test(alone[1]!)) return taken(text.trim(), alone[1]!, alone[2]!, '');
  const before = leading.exec(text.trim());
  if (before === null || !isCode.has(before[1]!.toUpperCase())) return null;
  return taken(text.trim().slice(0, 16), before[1]!, before[2]!, before[3]!);
}

const taken = (printed: string, code: string, number: string, rest: string): PrintedId => ({
  printed,
  code: code.toUpperCase(),
  number: number
    .replaceAll(/[Oo]/g, '0')
    .replaceAll(/[Il]/g, '1')
    .split(/[\s.,\-–_]+/)
    .map((part) => String(Number(part)))
    .join('.'),
  rest,
});

/** The section codes that what is printed can mean: itself, or those that one slip of the keyboard leads to. */
export function codesLike(code: string): string[] {
  if (isCode.has(code)) return [code];
  const letters = code.replaceAll('0', 'O').replaceAll('1', 'I').replaceAll('5', 'S').replaceAll('8', 'B');
  if (isCode.has(letters)) return [letters];
  return code.length < 3 ? [] : codes.filter((known) => distance(letters, known) === 1);
}

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/** Reads a number of 2013, or null. Spreadsheets turn `1-1` into a date, which is turned back. */
export function printed2013(text: string): PrintedId | null {
  const trimmed = text.trim();
  const alone = /^(\d{1,2})\s?[-–—‑−.]\s?(\d{1,2}(?:\s?\.\s?\d{1,2})*)[.):*]*$/.exec(trimmed);
  if (alone !== null) return { printed: trimmed, code: '', number: numbered(alone[1]!, alone[2]!), rest: '' };
  const letter = /^([A-D])(?:\s?[.-]\s?(\d))?[.):]?$/.exec(trimmed);
  if (letter !== null) return { printed: trimmed, code: '', number: lettered(letter), rest: '' };
  const before = /^(\d{1,2})-(\d{1,2}(?:\.\d{1,2})*)[.:)]?\s+([\s\S]{12,})$/.exec(trimmed);
  if (before !== null)
    return {
      printed: trimmed.slice(0, 16),
      code: '',
      number: numbered(before[1]!, before[2]!),
      rest: before[3]!,
    };
  const under = /^([A-D])\.(\d)[.:)]?\s+([\s\S]{4,})$/.exec(trimmed);
  return under === null
    ? dated(trimmed)
    : { printed: trimmed.slice(0, 16), code: '', number: lettered(under), rest: under[3]! };
}

const numbered = (chapter: string, number: string): string =>
  `${Number(chapter)}-${number
    .split('.')
    .map((part) => Number(part))
    .join('.')}`;

const lettered = ([, letter, number]: RegExpExecArray): string =>
  number === undefined ? letter! : `${letter}.${number}`;

/** `2-Oct` and `Oct-02` were `10-2`; so was the day 45567 of Excel's calendar. */
function dated(text: string): PrintedId | null {
  const [, day, name] = /^(\d{1,2})[-. ]([A-Za-z]{3})$/.exec(text) ?? [];
  const [, other, number] = /^([A-Za-z]{3})[-. ](\d{1,2})$/.exec(text) ?? [];
  const month = months.indexOf((name ?? other ?? '').toLowerCase()) + 1;
  if (month > 0) return { printed: text, code: '', number: `${month}-${Number(day ?? number)}`, rest: '' };
  if (!/^[34]\d{4}$/.test(text)) return null;
  const date = new Date(excelDay(Number(text)));
  return { printed: text, code: '', number: `${date.getUTCMonth() + 1}-${date.getUTCDate()}`, rest: '' };
}

/** Milliseconds since 1970 of a day of Excel's calendar, which begins with 1900 and has a 29 February in it. */
export const excelDay = (serial: number): number => Math.round((serial - 25_569) * 86_400_000);

/** The questions of an edition in the order of its form. */
export const orderOf = (edition: Mds2Edition): string[] =>
  Object.keys(edition === '2019' ? questions2019 : questions2013);
