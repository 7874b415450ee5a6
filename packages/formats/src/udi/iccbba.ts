import { dayOfYear, emptyUdi, type Udi, UdiError } from './udi.ts';

interface Structure {
  starts: string;
  length: number;
  field: 'device' | 'serial' | 'expires' | 'made' | 'lot' | 'donation';
}

/** ISBT 128 data structures on devices of human tissue (ICCBBA ST-001 §2.4, ST-017); the donation, which opens with a lone `=`, comes last. */
const structures: readonly Structure[] = [
  { starts: '=/', length: 16, field: 'device' },
  { starts: '=,', length: 6, field: 'serial' },
  { starts: '=>', length: 6, field: 'expires' },
  { starts: '=}', length: 6, field: 'made' },
  { starts: '&,1', length: 18, field: 'lot' },
  { starts: '=)', length: 10, field: 'device' },
  { starts: '&)', length: 10, field: 'lot' },
  { starts: '=', length: 15, field: 'donation' },
];

/** Year, of three digits, and day of the year; a lot is filled up with zeros in front. */
function valueIn(field: Structure['field'], value: string, offset: number): string {
  if (field === 'lot') return value.replace(/^0+(?=.)/, '');
  if (field !== 'expires' && field !== 'made') return value;
  if (!/^\d{6}$/.test(value)) throw new UdiError(offset, 'expected six digits of a date');
  return dayOfYear(2000 + Number(value.slice(0, 3)), Number(value.slice(3)), offset);
}

/** @throws UdiError */
export function readIccbba(text: string): Udi {
  const udi = emptyUdi('ICCBBA', text);
  let at = 0;
  while (at < text.length) {
    const found = structures.find(({ starts }) => text.startsWith(starts, at));
    if (found === undefined) throw new UdiError(at, 'expected a data structure of ISBT 128');
    const offset = at + found.starts.length;
    const value = text.slice(offset, offset + found.length);
    if (value.length !== found.length || !/^[A-Z0-9a-z]+$/.test(value))
      throw new UdiError(offset, `expected ${found.length} letters and digits`);
    udi[found.field] = valueIn(found.field, value, offset);
    at = offset + found.length;
  }
  if (udi.device === '') throw new UdiError(0, 'there is no device identifier (=/)');
  return udi;
}
