import { CELL_CHARS, SHEET_CELLS, SHEET_MERGES, SHEETS } from '../limits.ts';
import { type ElementHandler, ScanFault, XmlStream } from '../scans/xml-stream.ts';
import { type Cell, cellAt, columnName, type Merge, type Sheet, type Sheets } from './sheet.ts';
import { ZipArchive, ZipFault } from './zip.ts';

/**
 * The sheets of an Excel workbook (ECMA-376 Part 1 §18, transitional or strict): values as they are stored, formulas by their
 * last result. Pictures, styles, macros and links are left alone.
 *
 * @throws ZipFault | ScanFault where it cannot be read at all
 */
export function readXlsx(bytes: Uint8Array): Sheets {
  const archive = new ZipArchive(bytes);
  const strings = sharedStrings(archive);
  const warnings: Sheets['warnings'] = [];
  const sheets: Sheet[] = [];
  const named = sheetsOf(archive);
  if (named.length > SHEETS)
    warnings.push({ place: 'workbook', message: `more than ${SHEETS} sheets; the others were not read` });
  for (const { name, path } of named.slice(0, SHEETS)) {
    const reader = new SheetReader(name, strings);
    try {
      parse(archive, path, reader);
    } catch (error) {
      if (!(error instanceof ScanFault || error instanceof ZipFault)) throw error;
      warnings.push({ place: name, message: `${error.message}; what stands before it was read` });
    }
    if (reader.isCut)
      warnings.push({
        place: name,
        message: `more than ${SHEET_CELLS} cells or ${SHEET_MERGES} merges; the others were not read`,
      });
    sheets.push(reader.sheet());
  }
  return { sheets, warnings };
}

/** Excel's own bound on a name is 31 characters. */
const NAME_CHARS = 64;

/** Names and files of the sheets in the order of the workbook (§18.2.20). */
function sheetsOf(archive: ZipArchive): { name: string; path: string }[] {
  const targets = new Map<string, string>();
  const found: { name: string; path: string }[] = [];
  const base = archive.has('xl/workbook.xml') ? 'xl/' : '';
  parse(archive, `${base}_rels/workbook.xml.rels`, {
    open: (name, { Id, Target }) => {
      if (local(name) === 'Relationship' && Id !== undefined && Target !== undefined)
        targets.set(Id, Target.startsWith('/') ? Target.slice(1) : base + Target);
    },
    close: () => {},
  });
  parse(archive, `${base}workbook.xml`, {
    open: (element, attributes) => {
      if (local(element) !== 'sheet') return;
      const id = Object.entries(attributes).find(([key]) => local(key) === 'id' && key !== 'id')?.[1];
      const path = id === undefined ? undefined : targets.get(id);
      if (path !== undefined) found.push({ name: (attributes.name ?? '').slice(0, NAME_CHARS), path });
    },
    close: () => {},
  });
  return found;
}

/** Strings that cells share, runs of rich text joined, phonetic readings left out (§18.4). */
function sharedStrings(archive: ZipArchive): string[] {
  const strings: string[] = [];
  let current = '';
  let isPhonetic = false;
  parse(archive, 'xl/sharedStrings.xml', {
    open: (name) => {
      if (local(name) === 'si') current = '';
      if (local(name) === 'rPh') isPhonetic = true;
    },
    close: (name, text) => {
      if (local(name) === 't' && !isPhonetic) current = (current + text).slice(0, CELL_CHARS);
      if (local(name) === 'rPh') isPhonetic = false;
      if (local(name) === 'si') strings.push(unescaped(current));
    },
  });
  return strings;
}

class SheetReader implements ElementHandler {
  isCut = false;
  readonly #name: string;
  readonly #strings: readonly string[];
  readonly #cells: Cell[] = [];
  readonly #merges: Merge[] = [];
  #at = { row: 0, column: 0 };
  #type = 'n';
  #text = '';

  constructor(name: string, strings: readonly string[]) {
    this.#name = name;
    this.#strings = strings;
  }

  open(element: string, attributes: Readonly<Record<string, string>>): void {
    const name = local(element);
    if (name === 'row') this.#at = { row: Number(attributes.r ?? Number.NaN) || this.#at.row + 1, column: 0 };
    else if (name === 'c') this.#openCell(attributes);
    else if (name === 'mergeCell') this.#merge(attributes.ref ?? '');
  }

  close(element: string, text: string): void {
    const name = local(element);
    if (name === 'v' || name === 't') this.#text = (this.#text + text).slice(0, CELL_CHARS);
    if (name === 'c') this.#closeCell();
  }

  sheet(): Sheet {
    const cells = this.#cells.toSorted((a, b) => a.row - b.row || a.column - b.column);
    return { name: this.#name, cells, merges: this.#merges };
  }

  #openCell({ r, t }: Readonly<Record<string, string>>): void {
    this.#at = (r === undefined ? null : cellAt(r)) ?? { row: this.#at.row, column: this.#at.column + 1 };
    this.#type = t ?? 'n';
    this.#text = '';
  }

  #closeCell(): void {
    const text = this.#value().trim();
    if (text === '') return;
    if (this.#cells.length >= SHEET_CELLS) {
      this.isCut = true;
      return;
    }
    const { row, column } = this.#at;
    this.#cells.push({ row, column, text, place: `${this.#name}!${columnName(column)}${row}` });
  }

  /** §18.18.11 */
  #value(): string {
    if (this.#type === 's') return this.#strings[Number(this.#text)] ?? '';
    if (this.#type === 'b') return this.#text === '1' ? 'TRUE' : 'FALSE';
    if (this.#type === 'e') return '';
    return this.#type === 'n' ? this.#text : unescaped(this.#text);
  }

  #merge(reference: string): void {
    const [from, to] = reference.split(':');
    const first = cellAt(from ?? '');
    const last = cellAt(to ?? '');
    if (first === null || last === null) return;
    if (this.#merges.length >= SHEET_MERGES) this.isCut = true;
    else this.#merges.push({ top: first.row, left: first.column, bottom: last.row, right: last.column });
  }
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1);

/** Characters that XML cannot hold stand as `_x000D_` (§22.9.2.19). */
const unescaped = (text: string): string =>
  text.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => {
    const char = String.fromCharCode(Number.parseInt(code, 16));
    return char === '\r' ? '' : char;
  });

/** A file of the archive that is not there is an empty one. */
function parse(archive: ZipArchive, path: string, handler: ElementHandler): void {
  const bytes = archive.read(path);
  if (bytes === null) return;
  const xml = new XmlStream(handler, 'as-it-stands');
  xml.write(new TextDecoder().decode(bytes));
  xml.end();
}
