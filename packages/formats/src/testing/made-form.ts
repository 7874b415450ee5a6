/** How a made-up form lays out its rows, and what its filler did wrong. */
export interface Layout {
  /** Empty columns before the ids, between id and answer, and between answer and note. */
  before: 0 | 1 | 2;
  words: boolean;
  gap: 0 | 1;
  /** Titles above, and one before each section. */
  titles: boolean;
  /** One question in so many has an id with a slip; 0: none. */
  slips: number;
  /** How a yes, a no and a "does not apply" are written. */
  spelling: number;
  /** One question in so many is left empty. */
  blanks: number;
}

export type Truth = 'yes' | 'no' | 'not-applicable' | 'blank';

const spellings: readonly Readonly<Record<Truth, string>>[] = [
  { yes: 'Yes', no: 'No', 'not-applicable': 'N/A', blank: '' },
  { yes: 'YES ', no: ' no.', 'not-applicable': 'n/a', blank: '-' },
  { yes: 'Ja', no: 'Nein', 'not-applicable': 'entfällt', blank: '' },
  { yes: 'Yes (see manual)', no: 'No – planned', 'not-applicable': 'N/A: no network', blank: 'TBD' },
  { yes: 'Oui', no: 'Non', 'not-applicable': 'N.A.', blank: '' },
];

/** What a hand does to an id: another dash, a letter for a digit, two letters swapped, a space, a stop behind it. */
const slipsOf: readonly ((id: string) => string)[] = [
  (id) => id.replace('-', '–'),
  (id) => id.replace('-', ' - '),
  (id) => id.replaceAll('0', 'O'),
  (id) => `${id}.`,
  (id) => id.toLowerCase(),
  (id) => (/^[A-Z]{4}-/.test(id) ? `${id[0]}${id[2]}${id[1]}${id.slice(3)}` : id),
];

export const spelt = ({ spelling }: Layout, truth: Truth): string =>
  spellings[spelling % spellings.length]![truth];

/** Rows of cells as somebody filled the form in. */
export function formRows(
  ids: readonly string[],
  truthOf: (id: string, index: number) => Truth,
  layout: Layout,
): string[][] {
  const { before, words, gap, titles, slips } = layout;
  const margin = Array.from({ length: before }, () => '');
  const rows: string[][] = titles
    ? [[...margin, 'Manufacturer Disclosure Statement'], [], [...margin, 'Id', 'Question', 'Answer', 'Note']]
    : [];
  let section = '';
  for (const [index, id] of ids.entries()) {
    const own = id.split('-')[0]!;
    if (titles && own !== section) rows.push([...margin, `Section ${own.toLowerCase()} of this device`]);
    section = own;
    const written = slips > 0 && index % slips === slips - 1 ? slipsOf[index % slipsOf.length]!(id) : id;
    rows.push([
      ...margin,
      written,
      ...(words ? [`Does the device do what number ${index} asks?`] : []),
      ...Array.from({ length: gap }, () => ''),
      spelt(layout, truthOf(id, index)),
    ]);
  }
  return rows;
}

export const csvOf = (rows: readonly (readonly string[])[], separator: string, newline: string): string =>
  rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(separator)).join(newline);

/** A PDF as simple programs write it: each cell a text at its own place, a page for so many rows, its heading on each page. */
export function pdfOf(
  rows: readonly (readonly string[])[],
  { left, widths, perPage, step }: PdfLook,
): Buffer {
  const pages: string[] = [];
  for (let start = 0; start < rows.length; start += perPage) {
    const texts = rows.slice(start, start + perPage).flatMap((row, line) =>
      row.flatMap((cell, column) => {
        const x = left + widths.slice(0, column).reduce((sum, width) => sum + width, 0);
        return cell === ''
          ? []
          : [`BT /F1 7 Tf 1 0 0 1 ${x} ${780 - line * step} Tm (${literal(cell)}) Tj ET`];
      }),
    );
    pages.push([`BT /F1 9 Tf 1 0 0 1 ${left} 810 Tm (Disclosure statement) Tj ET`, ...texts].join('\n'));
  }
  const kids = pages.map((_, index) => `${4 + index * 2} 0 R`).join(' ');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    ...pages.flatMap((content, index) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + index * 2} 0 R >>`,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    ]),
  ];
  return assembled(objects);
}

export interface PdfLook {
  left: number;
  widths: readonly number[];
  perPage: number;
  /** Points from line to line. */
  step: number;
}

/** WinAnsi by octal escapes. */
const literal = (text: string): string =>
  text
    .replaceAll(/[\\()]/g, (sign) => `\\${sign}`)
    .replaceAll('–', '\\226')
    .replaceAll('ä', '\\344');

function assembled(objects: readonly string[]): Buffer {
  let text = '%PDF-1.4\n';
  const places = objects.map((object, index) => {
    const at = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(at).padStart(10, '0')} 00000 n \n`;
  });
  const table = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.join('')}`;
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF`;
  return Buffer.from(text, 'latin1');
}
