import type { Mds2Answer, Mds2Product } from './form.ts';
import type { Grid } from './grid.ts';
import { excelDay } from './ids.ts';

type Field = keyof Mds2Product;

const asked: Readonly<Partial<Record<string, Field>>> = {
  'DOC-1': 'manufacturer',
  'DOC-2': 'description',
  'DOC-3': 'model',
  'DOC-4': 'document',
  'DOC-5': 'contact',
  'DOC-7': 'released',
};

/** Headings of fields as forms of 2013 and cover rows have them. */
const headings: readonly (readonly [RegExp, Field])[] = [
  [/^(manufacturer|hersteller|fabricant|fabricante)( name)?$/, 'manufacturer'],
  [/^(device category|device description|description of device)$/, 'description'],
  [/^(device )?models?( name| number)?$/, 'model'],
  [/^document (id|number|no)$/, 'document'],
  [/^document (release )?date$|^release date$/, 'released'],
  [/^software (revision|version|release)$/, 'software'],
  [/^(company|representative) contact information$|^manufacturer contact information$/, 'contact'],
];

/** What the form says of the product: by its first questions, else by the headings of its first rows. */
export function productOf(grids: readonly Grid[], answers: readonly Mds2Answer[]): Mds2Product {
  const product: Mds2Product = {
    manufacturer: null,
    description: null,
    model: null,
    document: null,
    contact: null,
    released: null,
    software: null,
  };
  for (const { id, text, value } of answers) {
    const field = asked[id];
    if (field !== undefined && value !== 'blank') product[field] = field === 'released' ? dated(text) : text;
  }
  for (const grid of grids) readHeadings(grid, product);
  return product;
}

/** Rows of a form that come before its questions. */
const COVER = 40;

function readHeadings(grid: Grid, product: Mds2Product): void {
  for (const [index, row] of grid.rows.slice(0, COVER).entries())
    for (const [at, { text, column }] of row.entries()) {
      const [label, own] = splitOnce(text);
      const field = fieldOf(label);
      if (field === undefined || product[field] !== null) continue;
      const beside = row[at + 1]?.text;
      const below = grid.rows[index + 1]?.find((cell) => cell.column === column)?.text;
      const value = [own, beside, below].find(
        (one) => one !== undefined && one.trim() !== '' && !isLabel(splitOnce(one)[0]),
      );
      if (value !== undefined) product[field] = field === 'released' ? dated(value) : value.trim();
    }
}

function splitOnce(text: string): [string, string | undefined] {
  const at = text.search(/[:\n]/);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

const folded = (label: string): string =>
  label
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, ' ')
    .trim();

const fieldOf = (label: string): Field | undefined =>
  headings.find(([pattern]) => pattern.test(folded(label)))?.[1];

const isLabel = (label: string): boolean =>
  fieldOf(label) !== undefined ||
  /^(software release date|company name|telephone|e?mail)$/.test(folded(label));

/** Spreadsheets keep a date as a number of days. */
const dated = (text: string): string =>
  /^[2-6]\d{4}(\.\d+)?$/.test(text.trim())
    ? new Date(excelDay(Number(text))).toISOString().slice(0, 10)
    : text.trim();
