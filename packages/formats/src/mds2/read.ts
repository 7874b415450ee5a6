import { FORM_BYTES } from '../limits.ts';
import { ScanFault } from '../scans/xml-stream.ts';
import { readCsv } from '../spreadsheet/csv.ts';
import type { Sheets } from '../spreadsheet/sheet.ts';
import { readXlsx } from '../spreadsheet/xlsx.ts';
import { ZipFault } from '../spreadsheet/zip.ts';
import { decodeText } from '../text-encoding.ts';
import { FormFault, type Mds2Reading } from './form.ts';
import { interpret } from './interpret.ts';
import { readPdf } from './pdf.ts';

/**
 * Reads a manufacturer's MDS2 form (HN 1-2019 or HN 1-2013) from an Excel workbook, CSV or PDF, told apart by its first bytes.
 * Each answer has its place; what is doubtful is a warning with one. Nothing is thrown: what cannot be read is a fault.
 */
export async function readMds2(bytes: Uint8Array): Promise<Mds2Reading> {
  try {
    return { form: interpret(await sheetsOf(bytes)) };
  } catch (error) {
    if (error instanceof FormFault) return { fault: { place: error.place, message: error.message } };
    if (error instanceof ZipFault) return { fault: { place: 'workbook', message: error.message } };
    if (error instanceof ScanFault)
      return { fault: { place: `line ${error.line} of the workbook's XML`, message: error.message } };
    throw error;
  }
}

async function sheetsOf(bytes: Uint8Array): Promise<Sheets> {
  if (bytes.length > FORM_BYTES)
    throw new FormFault('1', `the file is larger than ${FORM_BYTES} bytes; no form is`);
  const start = String.fromCharCode(...bytes.subarray(0, 1024));
  if (start.startsWith('PK')) return readXlsx(bytes);
  if (start.includes('%PDF-')) return await readPdf(bytes);
  if (start.startsWith('\xd0\xcf\x11\xe0'))
    throw new FormFault(
      '1',
      'a workbook of Excel 97–2003, or one with a password; save it as .xlsx without a password',
    );
  if (start.includes('\0') && !/^(\xff\xfe|\xfe\xff)/.test(start))
    throw new FormFault('1', 'neither a workbook (.xlsx) nor CSV nor PDF');
  return readCsv(decodeText(bytes));
}
