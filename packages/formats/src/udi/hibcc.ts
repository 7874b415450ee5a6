import { nearest } from './gs1.ts';
import { dayOf, dayOfYear, emptyUdi, type Udi, UdiError } from './udi.ts';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%';

/** ANSI/HIBC 2.6: primary data, then secondary data behind a slash, and one check character for all of it. @throws UdiError */
export function readHibcc(text: string, year: number): Udi {
  const code = text.replace(/^\*/, '').replace(/\*$/, '');
  if (!hasCheckCharacter(code)) throw new UdiError(code.length - 1, 'the check character does not fit');
  const [primary, ...secondary] = code.slice(1, -1).split('/');
  const [, device] = /^([A-Z][A-Z0-9]{3}[A-Z0-9]{1,18}\d)$/.exec(primary!) ?? [];
  if (device === undefined)
    throw new UdiError(
      1,
      'expected a labeler of four characters, a product of up to 18 and a unit of measure',
    );
  const udi = { ...emptyUdi('HIBCC', text), device };
  let offset = primary!.length + 2;
  for (const [index, part] of secondary.entries()) {
    apply(udi, part, index === 0, year, offset);
    offset += part.length + 1;
  }
  return udi;
}

/** §2.1.2: the sum of all values modulo 43. */
export function hasCheckCharacter(code: string): boolean {
  const values = Array.from(code, (char) => alphabet.indexOf(char));
  if (values.length < 8 || values.includes(-1)) return false;
  const sum = values.slice(0, -1).reduce((total, value) => total + value, 0);
  return sum % 43 === values.at(-1);
}

function apply(udi: Udi, part: string, isFirst: boolean, year: number, offset: number): void {
  if (part.startsWith('$$+')) udi.serial = behindDate(udi, part.slice(3), year, offset + 3);
  else if (part.startsWith('$$')) udi.lot = behindDate(udi, part.slice(2), year, offset + 2) || null;
  else if (part.startsWith('$+')) udi.serial = part.slice(2);
  else if (part.startsWith('$')) udi.lot = part.slice(1);
  else if (part.startsWith('S')) udi.serial = part.slice(1);
  else if (/^(14|16)D\d{8}$/.test(part)) {
    const day = dayOf(
      Number(part.slice(3, 7)),
      Number(part.slice(7, 9)),
      Number(part.slice(9, 11)),
      offset + 3,
    );
    udi[part.startsWith('14') ? 'expires' : 'made'] = day;
  } else if (isFirst && /^\d{5}/.test(part)) {
    // Of before 2009: year and day of the year, then the lot.
    udi.expires = dayOfYear(nearest(Number(part.slice(0, 2)), year), Number(part.slice(2, 5)), offset);
    udi.lot = part.slice(5) || null;
  } else udi.others.push({ key: /^\d*[A-Z]?/.exec(part)?.[0] ?? '', value: part });
}

/** §2.3.2.2: an optional quantity, then a date in one of seven forms, told by its first digit. */
function behindDate(udi: Udi, text: string, year: number, offset: number): string {
  const quantity = text.startsWith('8') ? 3 : text.startsWith('9') ? 6 : 0;
  if (quantity > 0) udi.others.push({ key: 'Q', value: text.slice(1, quantity) });
  const rest = text.slice(quantity);
  const at = offset + quantity;
  const two = (from: number) => {
    const digits = rest.slice(from, from + 2);
    if (!/^\d\d$/.test(digits)) throw new UdiError(at + from, 'expected two digits of a date');
    return Number(digits);
  };
  const years = (from: number) => nearest(two(from), year);
  const form = rest[0] ?? '';
  if (form === '7') return rest.slice(1);
  if (form === '2') return dated(udi, dayOf(years(5), two(1), two(3), at + 1), rest.slice(7));
  if (form === '3') return dated(udi, dayOf(years(1), two(3), two(5), at + 1), rest.slice(7));
  if (form === '4') return dated(udi, dayOf(years(1), two(3), two(5), at + 1), rest.slice(9));
  if (form === '5' || form === '6') {
    const count = Number(/^\d{3}/.exec(rest.slice(3))?.[0] ?? 0);
    return dated(udi, dayOfYear(years(1), count, at + 3), rest.slice(form === '5' ? 6 : 8));
  }
  if (form !== '0' && form !== '1') return rest;
  return dated(udi, dayOf(years(2), two(0), 0, at), rest.slice(4));
}

function dated(udi: Udi, day: string, rest: string): string {
  udi.expires = day;
  return rest;
}
