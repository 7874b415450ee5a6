import { UDI_CHARS } from '../limits.ts';
import { readGs1, SEPARATOR } from './gs1.ts';
import { readHibcc } from './hibcc.ts';
import { readIccbba } from './iccbba.ts';
import { type Udi, UdiError, type UdiReading } from './udi.ts';

/**
 * Reads a unique device identifier as a label prints it or a reader sends it: GS1 `(01)…` or `01…`, HIBCC `+…`, ICCBBA `=/…`.
 * `year`: the present one, for dates with two digits. Never throws: what is wrong is a fault with its place.
 */
export function readUdi(text: string, year: number): UdiReading {
  // Readers put the name of the symbology in front (ISO/IEC 15424), and a group separator may open a GS1 code.
  const bare = text.trim().replace(/^\][A-Za-z]\d/, '');
  const code = bare.startsWith(SEPARATOR) ? bare.slice(1) : bare;
  try {
    if (code.length > UDI_CHARS) throw new UdiError(UDI_CHARS, 'this is longer than any code of a device');
    return { udi: readCode(code, year) };
  } catch (error) {
    if (!(error instanceof UdiError)) throw error;
    return { fault: { offset: error.offset, message: error.message } };
  }
}

function readCode(code: string, year: number): Udi {
  if (/^\*?\+/.test(code)) return readHibcc(code, year);
  if (/^[=&]/.test(code)) return readIccbba(code);
  if (/^(\(\d|\d)/.test(code)) return readGs1(code, year);
  throw new UdiError(0, 'neither GS1, HIBCC nor ICCBBA');
}
