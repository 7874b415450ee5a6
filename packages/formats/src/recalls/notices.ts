import { RECALL_TEXT } from '../limits.ts';
import { normaliseHeading } from '../register/headings.ts';
import { IssueList } from '../register/issues.ts';
import { type CsvRecord, readTable } from '../register/records.ts';
import type { Recall, RecallFault, RecallFile } from './recall.ts';
import { readUnits } from './units.ts';

type Field =
  | 'id'
  | 'firm'
  | 'product'
  | 'devices'
  | 'lots'
  | 'serials'
  | 'day'
  | 'reason'
  | 'action'
  | 'grade'
  | 'status';

/** Headings as authorities' and makers' lists have them, in the spelling of {@link normaliseHeading}. */
const headings: Readonly<Record<Field, string>> = {
  id: 'id, reference, reference no, ref, fsn, fsn reference, fsca, fsca reference, notice, notice no, recall no, recall number, number, aktenzeichen, referenz',
  firm: 'manufacturer, maker, firm, company, vendor, recalling firm, hersteller, fabricant, fabricante',
  product:
    'product, product name, device, device name, model, models, trade name, produkt, handelsname, modell, produit, producto',
  devices: 'udi, udi di, gtin, gtins, device identifier, device identifiers',
  lots: 'lot, lots, lot no, lot number, lot numbers, batch, batches, charge, chargen',
  serials: 'serial, serials, serial no, serial number, serial numbers, sn, seriennummer, seriennummern',
  day: 'date, day, published, issued, datum, fecha',
  reason: 'reason, hazard, problem, description, issue, grund, motivo, motif',
  action: 'action, actions, remedy, measures, action required, massnahme, massnahmen, mesures, medidas',
  grade: 'class, classification, grade, risk class, klasse',
  status: 'status, state',
};

const fieldOf = new Map(
  (Object.entries(headings) as [Field, string][]).flatMap(([field, names]) =>
    names.split(',').map((name) => [name.trim(), field] as const),
  ),
);

/** Field safety notices as a table: one row for each product of a notice. */
export function readNotices(text: string): RecallFile {
  const issues = new IssueList();
  const { columns, records } = readTable(text, issues);
  const at = new Map(
    columns
      .flatMap((name, index) => {
        const field = fieldOf.get(normaliseHeading(name));
        return field === undefined ? [] : [[field, index] as const];
      })
      .toReversed(),
  );
  const faults: RecallFault[] = issues
    .list()
    .map(({ row, column, message }) => ({ place: placeOf(row, column), message }));
  const missing = (['id', 'firm', 'product'] as const).filter((field) => !at.has(field));
  if (missing.length > 0) {
    const names = missing.map((field) => `"${headings[field].split(',')[0]}"`).join(', ');
    return {
      recalls: [],
      faults: [...faults, { place: placeOf(1, null), message: `no column named ${names}` }],
    };
  }
  const recalls = records.flatMap((record) => {
    const read = noticeOf(record, at);
    if (typeof read !== 'string') return [read];
    faults.push({ place: placeOf(record.row, null), message: read });
    return [];
  });
  return { recalls, faults };
}

const placeOf = (row: number, column: string | null): string =>
  `row ${row}${column === null ? '' : `, column ${column}`}`;

function noticeOf({ cells }: CsvRecord, at: ReadonlyMap<Field, number>): Recall | string {
  const cell = (field: Field) => (cells[at.get(field) ?? -1] ?? '').trim().slice(0, RECALL_TEXT);
  const [id, firm, product] = [cell('id'), cell('firm'), cell('product')];
  if (id === '' || product === '') return 'expected a number of the notice and a product';
  const parts = { devices: cell('devices'), lots: cell('lots'), serials: cell('serials') };
  const lots = readUnits(`lot ${parts.lots}`);
  const serials = readUnits(`serial ${parts.serials}`);
  const [, grade] = /\b(I{1,3})\b/.exec(cell('grade').toUpperCase()) ?? [];
  const status = cell('status');
  return {
    id,
    source: 'notice',
    firm,
    product,
    units: {
      devices: readUnits(`udi ${parts.devices}`).devices,
      lots: lots.lots,
      serials: serials.serials,
      all: isAll(parts.lots) || isAll(parts.serials),
    },
    unitsText: Object.entries(parts)
      .filter(([, value]) => value !== '')
      .map(([key, value]) => `${key}: ${value}`)
      .join('; '),
    reason: cell('reason'),
    action: cell('action'),
    grade: (grade as Recall['grade']) ?? null,
    status: status === '' ? null : /clos|end|terminat|complet/i.test(status) ? 'ended' : 'open',
    day: /^\d{4}-\d{2}-\d{2}/.exec(cell('day'))?.[0] ?? null,
  };
}

const isAll = (text: string): boolean => /^(all|alle|todos|tous)\b/i.test(text);
