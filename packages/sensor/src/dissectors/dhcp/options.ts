import { Cursor } from '../../bytes/cursor.ts';
import { MAX_OPTION_BYTES, MAX_OPTIONS } from './limits.ts';

export type Options = ReadonlyMap<number, Uint8Array>;

const PAD = 0;
const END = 255;
const OVERLOAD = 52;

export interface OptionFields {
  options: Uint8Array;
  file: Uint8Array;
  sname: Uint8Array;
}

export interface ReadOptions {
  options: Options;
  /** False where an option ran over the end of its field. */
  whole: boolean;
}

/**
 * All options of a message: those of the option field, then of `file` and `sname` where option 52 says that they hold
 * options (RFC 2131 §4.1); parts of one code are joined in that order (RFC 3396 §5).
 */
export function readOptions(fields: OptionFields): ReadOptions {
  const options = new Map<number, Uint8Array>();
  let whole = readField(fields.options, options);
  const overload = options.get(OVERLOAD)?.[0] ?? 0;
  if ((overload & 1) !== 0) whole = readField(fields.file, options) && whole;
  if ((overload & 2) !== 0) whole = readField(fields.sname, options) && whole;
  return { options, whole };
}

function readField(field: Uint8Array, options: Map<number, Uint8Array>): boolean {
  const cursor = new Cursor(field);
  for (let count = 0; count < MAX_OPTIONS && cursor.left > 0; count++) {
    const code = cursor.u8();
    if (code === END) return true;
    if (code === PAD) {
      count--;
      continue;
    }
    const value = cursor.take(cursor.u8());
    if (cursor.failed) return false;
    join(options, code, value);
  }
  return cursor.left === 0;
}

function join(options: Map<number, Uint8Array>, code: number, value: Uint8Array): void {
  const before = options.get(code);
  if (before === undefined) {
    options.set(code, value);
    return;
  }
  if (before.length + value.length > MAX_OPTION_BYTES) return;
  const joined = new Uint8Array(before.length + value.length);
  joined.set(before);
  joined.set(value, before.length);
  options.set(code, joined);
}
