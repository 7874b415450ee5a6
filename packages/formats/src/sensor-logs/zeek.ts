import { parseMicros } from '@wardline/model';
import type { LogBook, Setting } from './book.ts';
import { FieldFault, Row } from './row.ts';
import { zeekConnection } from './zeek-conn.ts';
import { zeekStatements } from './zeek-statements.ts';

/** The head of a Zeek log in its own format. */
interface Head {
  separator: string;
  setSeparator: string;
  empty: string;
  unset: string;
  path: string;
  fields: string[];
  types: string[];
}

const plainHead = (): Head => ({
  separator: '\t',
  setSeparator: ',',
  empty: '(empty)',
  unset: '-',
  path: '',
  fields: [],
  types: [],
});

/** Fields by which a record in JSON shows whose log it is; the first that fits counts. */
const SIGNS: readonly (readonly [string, string])[] = [
  ['conn_state', 'conn'],
  ['qtype', 'dns'],
  ['msg_types', 'dhcp'],
  ['community', 'snmp'],
  ['cipher', 'ssl'],
  ['hassh', 'ssh'],
  ['auth_attempts', 'ssh'],
  ['seq_number', 'sip'],
  ['call_id', 'sip'],
  ['software_type', 'software'],
  ['stratum', 'ntp'],
  ['proto_version', 'mqtt_connect'],
  ['func', 'modbus'],
  ['notice', 'weird'],
  ['ntlm_auth', 'ntlm'],
  ['domainname', 'ntlm'],
  ['trans_depth', 'http'],
  ['command', 'ftp'],
];

/** Reads the logs of Zeek, in its own format (`#fields`) and as JSON, one line at a time. */
export class ZeekReader {
  #head = plainHead();
  readonly #book: LogBook;
  readonly #fileName: string;

  constructor(book: LogBook, file: string) {
    this.#book = book;
    this.#fileName = file.split('/').at(-1) ?? file;
  }

  get path(): string {
    return this.#head.path;
  }

  /** Throws a {@link FieldFault} where the line does not fit. */
  line(text: string, number: number): void {
    if (text === '') return;
    if (text.startsWith('#')) this.#header(text);
    else if (text.startsWith('{')) this.#record(new Row(parseObject(text)), number);
    else this.#record(new Row(this.#columns(text)), number);
  }

  #header(text: string): void {
    const head = this.#head;
    if (text.startsWith('#separator ')) {
      this.#head = plainHead();
      const [, code = '09'] = /\\x([0-9a-f]{2})/i.exec(text) ?? [];
      this.#head.separator = String.fromCharCode(Number.parseInt(code, 16));
      return;
    }
    const [name = '', ...values] = text.split(head.separator);
    if (name === '#set_separator') head.setSeparator = values[0] || ',';
    else if (name === '#empty_field') head.empty = values[0] ?? head.empty;
    else if (name === '#unset_field') head.unset = values[0] ?? head.unset;
    else if (name === '#path') head.path = values[0] ?? '';
    else if (name === '#fields') head.fields = values;
    else if (name === '#types') head.types = values;
  }

  #columns(text: string): Record<string, unknown> {
    const { separator, fields, types, unset } = this.#head;
    if (fields.length === 0) throw new FieldFault('#fields', 'a head before the first record');
    const values = text.split(separator);
    if (values.length !== fields.length) {
      throw new FieldFault(
        fields[values.length] ?? 'last',
        `${fields.length} columns, found ${values.length}`,
      );
    }
    const row: Record<string, unknown> = Object.create(null);
    for (const [i, name] of fields.entries()) {
      const value = values[i] ?? unset;
      if (value !== unset) row[name] = this.#typed(value, types[i] ?? 'string');
    }
    return row;
  }

  #typed(value: string, type: string): unknown {
    const { empty, setSeparator } = this.#head;
    if (!/^(set|vector)\[/.test(type)) return value === empty ? '' : unescaped(value);
    return value === empty ? [] : value.split(setSeparator).map(unescaped);
  }

  #record(row: Row, line: number): void {
    const path = this.#head.path || this.#pathOf(row);
    if (path === 'conn') zeekConnection(row, timeOf(row), line, this.#book);
    else if (path === 'weird') this.#book.dropped(`weird-${row.text('name') ?? 'unnamed'}`);
    else zeekStatements.get(path)?.(row, settingOf(row, timeOf(row), line), this.#book);
  }

  #pathOf(row: Row): string {
    const named = row.text('_path') ?? this.#fileName.split('.', 1)[0] ?? '';
    if (named === 'conn' || named === 'weird' || zeekStatements.has(named)) return named;
    return SIGNS.find(([field]) => row.value(field) !== undefined)?.[1] ?? '';
  }
}

/** Zeek writes bytes that are no text, and separators in values, as `\x09`. */
function unescaped(value: string): string {
  if (!value.includes('\\x')) return value;
  return value.replaceAll(/\\x([0-9a-fA-F]{2})/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

export function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new FieldFault('line', 'a JSON object');
}

/** Seconds since the epoch, or RFC 3339 where JSON was written so. */
function timeOf(row: Row): number {
  const text = row.text('ts');
  const time = text?.includes('T') ? parseMicros(text) : Math.round((row.number('ts') ?? Number.NaN) * 1e6);
  if (time === null || !Number.isSafeInteger(time) || time < 0) throw new FieldFault('ts', 'a time');
  return time;
}

/** The two sides as most logs name them; DHCP's and others' own ways are read where they are stated. */
function settingOf(row: Row, time: number, line: number): Setting {
  const end = (ip: string | undefined) => ({ mac: null, ip: ip ?? null, vlan: null });
  const client = end(row.ip('id.orig_h') ?? row.ip('client_addr') ?? row.ip('host'));
  const server = end(row.ip('id.resp_h') ?? row.ip('server_addr'));
  const transport = row.text('proto') ?? 'tcp';
  return { client, server, transport, port: row.port('id.resp_p') ?? null, time, line };
}
