import type { RegisterEntry, RegisterField } from '@wardline/model';
import { unguardCell } from '../csv-safety.ts';
import { CELL_CHARS } from '../limits.ts';
import { parseIps, parseMacs } from './addresses.ts';
import type { IssueList } from './issues.ts';
import type { CsvRecord } from './records.ts';

/** What people write where they have nothing to write. */
const placeholder =
  /^(?:n\/?\.?a\.?|none|null|nil|-+|–|—|\?+|\.+|unknown|unbekannt|keine?|ohne|tbd|tbc|x+|s\/n|sin serie|desconocido|inconnu|#n\/a|not available|not applicable|0+)$/i;

/** Columns of one field, by their place. */
export type FieldColumns = ReadonlyMap<RegisterField, readonly { index: number; column: string }[]>;

/** Reads one record; null where nothing in it could ever find a device again. */
export function readEntry(record: CsvRecord, fields: FieldColumns, issues: IssueList): RegisterEntry | null {
  const cells = new CellReader(record, fields, issues);
  const macs = cells.addresses('mac');
  const ips = cells.addresses('ip');
  const serial = cells.value('serial');
  const hostname = cells.value('hostname');
  const tag = cells.value('tag') ?? standIn(record.row, { serial, mac: macs[0], hostname }, issues);
  if (tag === null) return null;
  return {
    row: record.row,
    tag,
    vendor: cells.value('vendor'),
    model: cells.value('model'),
    serial,
    class: cells.value('class'),
    macs,
    ips,
    hostname,
    software: cells.value('software'),
    department: cells.value('department'),
    location: cells.value('location'),
    owner: cells.value('owner'),
    criticality: cells.value('criticality'),
    status: cells.value('status'),
    notes: cells.value('notes'),
  };
}

function standIn(
  row: number,
  names: { serial: string | null; mac: string | undefined; hostname: string | null },
  issues: IssueList,
): string | null {
  const [what, value] = names.serial
    ? ['serial number', names.serial]
    : names.mac
      ? ['MAC address', names.mac]
      : ['host name', names.hostname];
  if (value === null) {
    issues.error(
      row,
      null,
      'has no asset tag, serial number, MAC address or host name; expected at least one of them',
    );
    return null;
  }
  issues.warning(row, null, `has no asset tag; its ${what} ${value} stands in for it`);
  return value;
}

class CellReader {
  readonly #record: CsvRecord;
  readonly #fields: FieldColumns;
  readonly #issues: IssueList;

  constructor(record: CsvRecord, fields: FieldColumns, issues: IssueList) {
    this.#record = record;
    this.#fields = fields;
    this.#issues = issues;
  }

  /** The first cell of the field that says something. */
  value(field: RegisterField): string | null {
    for (const { text } of this.#cells(field)) {
      if (field === 'notes' || field === 'status' || !placeholder.test(text)) return text;
    }
    return null;
  }

  addresses(field: 'mac' | 'ip'): string[] {
    const values = new Set<string>();
    for (const { column, text } of this.#cells(field)) {
      if (placeholder.test(text)) continue;
      const cell = field === 'mac' ? parseMacs(text) : parseIps(text);
      for (const value of cell.values) values.add(value);
      for (const problem of cell.problems) this.#issues.warning(this.#record.row, column, problem);
    }
    return [...values];
  }

  *#cells(field: RegisterField): Generator<{ column: string; text: string }> {
    for (const { index, column } of this.#fields.get(field) ?? []) {
      const text = unguardCell((this.#record.cells[index] ?? '').trim());
      if (text === '') continue;
      if (text.length > CELL_CHARS)
        this.#issues.warning(
          this.#record.row,
          column,
          `has ${text.length} characters; the first ${CELL_CHARS} are kept`,
        );
      yield { column, text: text.slice(0, CELL_CHARS).trimEnd() };
    }
  }
}
