import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FORM_BYTES, SHEET_CELLS, ZIP_ENTRIES, ZIP_ENTRY_BYTES } from '../limits.ts';
import { ZipArchive } from '../spreadsheet/zip.ts';
import { hasSharedData, sharedText } from '../testing/shared-data.ts';
import { workbookOf, workbookWith, zipOf } from '../testing/workbook.ts';
import { answerIn, distance } from './answers.ts';
import type { Mds2Form } from './form.ts';
import { questions2013 } from './questions-2013.ts';
import { questions2019 } from './questions-2019.ts';
import { readMds2 } from './read.ts';

const fixture = (name: string) => readFileSync(new URL(`../../../../fixtures/mds2/${name}`, import.meta.url));

async function formOf(bytes: Uint8Array): Promise<Mds2Form> {
  const reading = await readMds2(bytes);
  if ('fault' in reading) throw new Error(`${reading.fault.place}: ${reading.fault.message}`);
  return reading.form;
}

async function faultOf(bytes: Uint8Array): Promise<string> {
  const reading = await readMds2(bytes);
  return 'fault' in reading ? reading.fault.message : 'none';
}

const csv = (text: string) => formOf(Buffer.from(text));
const answer = (form: Mds2Form, id: string) => form.answers.find((one) => one.id === id);
const warned = (form: Mds2Form) => form.warnings.map(({ place, message }) => `${place}: ${message}`);

describe('a workbook of 2019 with planted faults', async () => {
  const form = await formOf(fixture('form-2019.xlsx'));

  test('every question is found, with its cell', () => {
    expect(form).toMatchObject({ edition: '2019', missing: [] });
    expect(form.answers).toHaveLength(240);
    expect(answer(form, 'ALOF-1')).toMatchObject({ value: 'yes', place: 'MDS2!C44', note: null });
  });

  test('product and date are told from the first questions', () => {
    expect(form.product).toMatchObject({
      manufacturer: 'Acme Medical',
      model: 'Pump 9',
      released: '2025-03-01',
    });
    expect(form.product.contact).toBe('psirt@acme.example\n+1 555 0100');
  });

  test.each([
    ['AUDT-1', { value: 'yes', text: 'Ja' }],
    ['AUDT-1.1', { value: 'yes' }],
    ['AUDT-1.2', { value: 'no', place: 'MDS2!D49' }],
    ['AUDT-2', { value: 'blank' }],
    ['AUDT-2.2', { value: 'yes', place: 'MDS2!C51' }],
    ['AUDT-2.4', { value: 'no' }],
    ['AUDT-2.5', { value: 'no' }],
    ['CSUP-1', { value: 'yes', note: 'patches come\ntwice a year' }],
    ['CONN-1.2.2', { value: 'no', note: 'sockets are sealed' }],
    ['CONN-7', { value: 'see-note', note: 'TLS 1.2 only' }],
    ['SAHD-9', { value: 'yes', note: 'but telnet for service' }],
    ['SAHD-15', { value: 'yes' }],
    ['PAUT-4', { value: 'unclear', text: 'Yes/No' }],
    ['PAUT-8', { value: 'yes', text: 'Yse' }],
    ['EMRG-1', { value: 'blank' }],
    ['NAUT-2', { value: 'not-applicable', note: 'no network' }],
    ['STCF-1', { value: 'unclear', text: 'No longer supported' }],
  ])('%s is read', (id, expected) => {
    expect(answer(form, id)).toMatchObject(expected);
  });

  test('each planted fault is warned of where it stands, and nothing else', () => {
    expect(warned(form)).toEqual([
      'MDS2!A48: "AUTD-1.1" was read as AUDT-1.1',
      'MDS2!A54: "AUDT-2.3" stands here again; by its place it is AUDT-2.4',
      'MDS2!A55: "AUDT-2.99" is no question of this form; by its place it is AUDT-2.5',
      'MDS2!A234: "SHAD-15" was read as SAHD-15',
      'MDS2!D49: the answer of AUDT-1.2 stands here, besides the column of the others',
      'MDS2!A50: AUDT-2 is not answered',
      'MDS2!C51: this cell is merged over several questions; read for AUDT-2.2 too',
      'MDS2!C132: EMRG-1: "_____" is no answer',
      'MDS2!C182: PAUT-4: "Yes/No" is neither yes nor no',
      'MDS2!C243: STCF-1: "No longer supported" is neither yes nor no',
    ]);
  });
});

describe('a workbook of 2013', async () => {
  const form = await formOf(fixture('form-2013.xlsx'));

  test('every question is found, also a number that became a date', () => {
    expect(form).toMatchObject({ edition: '2013', missing: [] });
    expect(warned(form)).toEqual(['Form!A57: "41914" was read as 10-2']);
    expect(answer(form, '15-8')).toMatchObject({ value: 'no', section: 'SAHD' });
    expect(answer(form, 'D.3')).toMatchObject({ value: 'yes', section: 'MPII' });
  });

  test('the product stands below its headings, a note by its number', () => {
    expect(form.product).toMatchObject({ model: 'Vista 3', software: '4.2', released: '2014-05-06' });
    expect(answer(form, '14-1')).toMatchObject({ value: 'text', text: '2' });
  });
});

describe('a PDF, as Chromium prints it', async () => {
  const form = await formOf(fixture('form-2019.pdf'));
  const asked = Object.keys(questions2019).filter((id) => /^(DOC|AUDT|CONN|TXCF)/.test(id));

  test('rows of several lines and broken ids are put together', () => {
    expect(form.answers.map(({ id }) => id).toSorted()).toEqual(asked.toSorted());
    const ids = Object.keys(questions2019);
    for (const { id, value } of form.answers)
      if (value !== 'text' && id !== 'CONN-7')
        expect(`${id} ${value}`).toBe(`${id} ${ids.indexOf(id) % 3 === 0 ? 'no' : 'yes'}`);
  });

  test('an answer has its page and line, a note is joined', () => {
    expect(answer(form, 'CONN-7')).toMatchObject({
      value: 'see-note',
      note: 'TLS 1.2 only, and this note is so long that it breaks',
      place: expect.stringMatching(/^page \d, line \d+$/),
    });
    expect(form.warnings).toEqual([]);
  });
});

describe('other shapes of a form', () => {
  const five = 'ALOF-2,q,Yes\nAUTH-1,q,Yes\nAUTH-2,q,Yes\nAUTH-3,q,No\nAUTH-4,q,Yes';

  test('answers in the cell of their question are taken, with a warning', async () => {
    const form = await csv(
      'MPII-1,"Own words (as this)?: ",x\nMPII-2,Own words? : Yes,\nPAUT-4,"Own words?": N/A: none\nDOC-3:Model: Pump 9\nDOC-8:Programme?:Yes\nSBOM-1,Own?: No',
    );
    expect(answer(form, 'MPII-2')).toMatchObject({ value: 'yes' });
    expect(answer(form, 'PAUT-4')).toMatchObject({ value: 'not-applicable' });
    expect(answer(form, 'DOC-8')).toMatchObject({ value: 'yes' });
    expect(form.product.model).toBe('Pump 9');
  });

  test('columns of their own for yes and no are read by their marks', async () => {
    const form = await csv(
      'Id,Question,Yes,No,N/A,Note\nALOF-1,q,X,,,n1\nALOF-2,q,,x,,\nAUTH-1,q,,,✓,\nAUTH-2,q,x,x,,\nAUTH-3,q,x,,,',
    );
    expect(form.answers.map(({ value }) => value)).toEqual(['yes', 'no', 'not-applicable', 'unclear', 'yes']);
    expect(answer(form, 'ALOF-1')?.note).toBe('n1');
    expect(warned(form)[0]).toBe('row 5, column D: more than one mark is set');
  });

  test('an answer below its question and lines of a note below it belong to it', async () => {
    const form = await csv(`ALOF-1,first half\n,second half,No,because\n,,,of this\n${five}`);
    expect(answer(form, 'ALOF-1')).toMatchObject({ value: 'no', note: 'because\nof this' });
    expect(warned(form)).toEqual(['row 2, column C: the answer of ALOF-1 stands below it']);
  });

  test('a question that is answered twice, and differently, counts as unclear', async () => {
    const form = await csv(`ALOF-1,q,Yes\n${five}\nALOF-1,q,No`);
    expect(answer(form, 'ALOF-1')?.value).toBe('unclear');
  });

  test('a misspelt section that can be two is that of its neighbours', async () => {
    const form = await csv(`AUDH-1,q,Yes\n${five.replace('AUTH-3', 'AUTG-3')}`);
    expect(warned(form)).toEqual([
      'row 1, column A: "AUDH-1" can be AUDT-1 or AUTH-1; it was not read',
      'row 5, column A: "AUTG-3" was read as AUTH-3',
    ]);
  });

  test('letters for digits, other hyphens, commas and spaces in ids are read', async () => {
    const form = await csv(
      'AUDT–2,q,Yes\nAUDT 2.1,q,Yes\n"AUDT-2,2",q,No\nAUDT_2.3.,q,Yes\nAUDT-2.1O,q,No\naudt-2.4,q,Yes',
    );
    expect(form.answers.map(({ id }) => id)).toEqual([
      'AUDT-2',
      'AUDT-2.1',
      'AUDT-2.2',
      'AUDT-2.3',
      'AUDT-2.4',
      'AUDT-2.10',
    ]);
  });

  test('a file in Windows-1252 with semicolons is read', async () => {
    const form = await formOf(Buffer.from(`ALOF-1;q;Ja;Gerät\n${five.replaceAll(',', ';')}`, 'latin1'));
    expect(answer(form, 'ALOF-1')).toMatchObject({ value: 'yes', note: 'Gerät' });
  });
});

describe('what an answer says', () => {
  test.each([
    ['YES', 'yes', ''],
    ['Sí', 'yes', ''],
    ['oui.', 'yes', ''],
    ['はい', 'yes', ''],
    ['да', 'yes', ''],
    ['Nо', 'no', ''],
    ['N.A.', 'not-applicable', ''],
    ['entfällt', 'not-applicable', ''],
    ['Yes (see note 3)', 'yes', 'see note 3'],
    ['Yes, but no for guests', 'yes', 'but no for guests'],
    ['Yes for A, no for B', 'unclear', 'Yes for A, no for B'],
    ['No operating system', 'unclear', 'No operating system'],
    ['No – planned', 'no', 'planned'],
    ['See Note 12', 'see-note', '12'],
    ['Siehe Anmerkung', 'see-note', ''],
    ['TBD', 'blank', ''],
    ['keine Angabe', 'blank', ''],
    ['', 'blank', ''],
    ['None', 'unclear', 'None'],
    ['Not tested', 'unclear', 'Not tested'],
    ['Ja/Nein', 'unclear', 'Ja/Nein'],
  ])('%j is %s', (text, value, rest) => {
    expect(answerIn(text)).toEqual({ value, rest });
  });

  test('a slip of the keyboard is one letter', () => {
    expect(['yse', 'yes', 'ye', 'maybe'].map((word) => distance(word, 'yes'))).toEqual([1, 0, 1, 4]);
  });
});

describe('hostile and damaged files', () => {
  test('a workbook is read in part or refused at every length', { timeout: 90_000 }, async () => {
    const bytes = workbookOf(Array.from({ length: 9 }, (_, at) => [`AUDT-2.${at + 1}`, 'q', 'Yes']));
    for (let length = 0; length < bytes.length; length++)
      expect('fault' in (await readMds2(bytes.subarray(0, length))), String(length)).toBe(true);
    expect((await formOf(bytes)).answers).toHaveLength(9);
  });

  test('bits that flip end in a form or a fault', async () => {
    const bytes = workbookOf(Array.from({ length: 9 }, (_, at) => [`AUDT-2.${at + 1}`, 'q', 'Yes']));
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length * 8 - 1), async (bit) => {
        const damaged = Buffer.from(bytes);
        damaged[bit >> 3]! ^= 1 << (bit & 7);
        expect(Object.keys(await readMds2(damaged))).toHaveLength(1);
      }),
      { numRuns: 200 },
    );
  });

  test('any text is a form or a fault', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 300 }), async (text) => {
        const reading = await readMds2(
          Buffer.from(`ALOF-1,q,${text}\nALOF-2,${text}\nAUTH-1\nAUTH-2\nAUTH-3\n`),
        );
        expect(Object.keys(reading)).toHaveLength(1);
      }),
      { numRuns: 100 },
    );
  });

  test('a PDF that is cut off is a form or a fault', { timeout: 90_000 }, async () => {
    const bytes = fixture('form-2019.pdf');
    for (const part of [0, 0.01, 0.5, 0.99]) {
      const reading = await readMds2(bytes.subarray(0, Math.floor(bytes.length * part)));
      expect(Object.keys(reading)).toHaveLength(1);
    }
  });

  test('a bomb is refused, a file of the bound is not', async () => {
    const unpacked = (size: number) => new ZipArchive(zipOf({ f: Buffer.alloc(size) })).read('f')?.length;
    expect(unpacked(ZIP_ENTRY_BYTES)).toBe(ZIP_ENTRY_BYTES);
    expect(() => unpacked(ZIP_ENTRY_BYTES + 1)).toThrow('unpacks to more than');
    const sheet = workbookWith(`<worksheet><sheetData/>${' '.repeat(ZIP_ENTRY_BYTES)}</worksheet>`);
    expect(await faultOf(sheet)).toMatch(/no questions.*unpacks to more than/);
  });

  test('more files than a workbook has are refused', async () => {
    const many = (count: number) =>
      zipOf(Object.fromEntries(Array.from({ length: count }, (_, at) => [`f${at}`, ''])));
    expect(await faultOf(many(ZIP_ENTRIES))).toMatch('no questions');
    expect(await faultOf(many(ZIP_ENTRIES + 1))).toMatch(`more than ${ZIP_ENTRIES} files`);
  });

  test('cells beyond the bound are left out and said', async () => {
    const five = 'ALOF-1,Yes\nALOF-2,Yes\nAUTH-1,Yes\nAUTH-2,Yes\nAUTH-3,Yes\n';
    const cells = (count: number) => csv(`${five}${'x,'.repeat(count - 11)}x`);
    expect(warned(await cells(SHEET_CELLS))).toEqual([]);
    expect(warned(await cells(SHEET_CELLS + 1))[0]).toMatch(`more than ${SHEET_CELLS} cells`);
  });

  test('entities are not expanded', async () => {
    const bytes = workbookWith(
      '<!DOCTYPE x [<!ENTITY a "b">]><worksheet><sheetData><c><v>&a;</v></c></sheetData></worksheet>',
    );
    expect(await faultOf(bytes)).toMatch('no questions');
  });

  test('what is no form says what it is', async () => {
    expect(await faultOf(Buffer.from('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'latin1'))).toMatch('Excel 97');
    expect(await faultOf(Buffer.from('GIF89a\0\0'))).toMatch('neither a workbook');
    expect(await faultOf(Buffer.alloc(FORM_BYTES + 1, 32))).toMatch('larger than');
    expect(await faultOf(Buffer.alloc(FORM_BYTES))).toMatch('neither a workbook');
    expect(await faultOf(Buffer.from('%PDF-1.4\n%%EOF'))).toMatch('damaged');
  });
});

test.skipIf(!hasSharedData)('every id of a completed form is known', () => {
  const rows = sharedText('controls/mds2/mds2-2019-question-ids.csv').trim().split('\n').slice(1);
  const ids = rows.map((row) => row.split(',')[0]!);
  expect(ids.filter((id) => !Object.hasOwn(questions2019, id))).toEqual([]);
  expect(Object.keys(questions2019)).toHaveLength(ids.length);
  expect(Object.keys(questions2013)).toHaveLength(86);
});
