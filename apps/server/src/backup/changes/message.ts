/** One message of PostgreSQL's logical replication (pgoutput, protocol version 1). */
export type Message =
  /** `lsn` is where its commit lies; `at` microseconds since the epoch. */
  | { is: 'begin'; lsn: bigint; at: number; xid: number }
  | { is: 'commit'; end: bigint }
  | { is: 'relation'; id: number; name: string; columns: { name: string; isKey: boolean }[] }
  | { is: 'insert'; relation: number; row: Row }
  /** `key` only where it changed. */
  | { is: 'update'; relation: number; key: Row | null; row: Row }
  | { is: 'delete'; relation: number; key: Row }
  | { is: 'truncate'; relations: number[] }
  /** Types, origins and messages of others: nothing to carry out. */
  | { is: 'other' };

/** Values as text, in the order of the relation's columns; undefined where a large one did not change. */
export type Row = (string | null | undefined)[];

/** A message that is none, with the place in it. */
export class MessageFault extends Error {
  override readonly name = 'MessageFault';

  constructor(what: string, offset: number) {
    super(`${what} at byte ${offset} of a change`);
  }
}

/** PostgreSQL counts from 2000-01-01. */
const EPOCH_MICROS = 946_684_800_000_000n;
/** A table has at most 1,600 columns (PostgreSQL, appendix K). */
const COLUMNS = 1600;

/** Reads one message, all of it. @throws MessageFault */
export function parseMessage(bytes: Uint8Array): Message {
  const reader = new Reader(bytes);
  const message = read(reader);
  if (message.is !== 'other') reader.mustEnd();
  return message;
}

function read(reader: Reader): Message {
  const kind = String.fromCharCode(reader.byte());
  switch (kind) {
    case 'B':
      return { is: 'begin', lsn: reader.long(), at: reader.instant(), xid: reader.int() };
    case 'C':
      return readCommit(reader);
    case 'R':
      return readRelation(reader);
    case 'I':
      return { is: 'insert', relation: reader.int(), row: reader.row('N') };
    case 'U':
      return readUpdate(reader);
    case 'D':
      return { is: 'delete', relation: reader.int(), key: reader.row('KO') };
    case 'T':
      return readTruncate(reader);
    case 'O':
    case 'Y':
    case 'M':
      return { is: 'other' };
    default:
      throw new MessageFault(`no kind ${JSON.stringify(kind)}`, 0);
  }
}

function readCommit(reader: Reader): Message {
  reader.byte();
  reader.long();
  const end = reader.long();
  reader.instant();
  return { is: 'commit', end };
}

function readRelation(reader: Reader): Message {
  const id = reader.int();
  reader.text();
  const name = reader.text();
  reader.byte();
  const columns = Array.from({ length: reader.columns() }, () => {
    const isKey = (reader.byte() & 1) === 1;
    const column = { name: reader.text(), isKey };
    reader.int();
    reader.int();
    return column;
  });
  return { is: 'relation', id, name, columns };
}

function readUpdate(reader: Reader): Message {
  const relation = reader.int();
  const key = reader.peek() === 'N' ? null : reader.row('KO');
  return { is: 'update', relation, key, row: reader.row('N') };
}

function readTruncate(reader: Reader): Message {
  const count = reader.int();
  reader.byte();
  if (count > reader.left / 4) throw new MessageFault('too many tables', reader.offset);
  return { is: 'truncate', relations: Array.from({ length: count }, () => reader.int()) };
}

class Reader {
  readonly #bytes: Buffer;
  offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get left(): number {
    return this.#bytes.length - this.offset;
  }

  mustEnd(): void {
    if (this.left > 0) throw new MessageFault('more than was told', this.offset);
  }

  byte(): number {
    return this.#take(1)[0]!;
  }

  peek(): string {
    return String.fromCharCode(this.#bytes[this.offset] ?? 0);
  }

  int(): number {
    return this.#take(4).readUInt32BE(0);
  }

  long(): bigint {
    return this.#take(8).readBigUInt64BE(0);
  }

  instant(): number {
    return Number(this.#take(8).readBigInt64BE(0) + EPOCH_MICROS);
  }

  /** Up to a zero byte. */
  text(): string {
    const end = this.#bytes.indexOf(0, this.offset);
    if (end === -1) throw new MessageFault('a name without an end', this.offset);
    const text = this.#bytes.toString('utf8', this.offset, end);
    this.offset = end + 1;
    return text;
  }

  columns(): number {
    const count = this.#take(2).readUInt16BE(0);
    if (count > COLUMNS) throw new MessageFault(`${count} columns`, this.offset - 2);
    return count;
  }

  row(kinds: string): Row {
    const kind = String.fromCharCode(this.byte());
    if (!kinds.includes(kind))
      throw new MessageFault(`no row of kind ${JSON.stringify(kind)}`, this.offset - 1);
    return Array.from({ length: this.columns() }, () => this.#value());
  }

  #value(): string | null | undefined {
    const kind = String.fromCharCode(this.byte());
    if (kind === 'n') return null;
    if (kind === 'u') return undefined;
    if (kind !== 't') throw new MessageFault(`no value of kind ${JSON.stringify(kind)}`, this.offset - 1);
    return this.#take(this.int()).toString('utf8');
  }

  #take(bytes: number): Buffer {
    if (bytes > this.left) throw new MessageFault('cut off', this.offset);
    const taken = this.#bytes.subarray(this.offset, this.offset + bytes);
    this.offset += bytes;
    return taken;
  }
}
