import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Message, MessageFault, parseMessage, type Row } from './message.ts';
import { isHeldBy, parseSnapshot } from './snapshot.ts';

const int = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const long = (value: bigint) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
};
const short = (value: number) => int(value).subarray(2);
const text = (value: string) => Buffer.from(`${value}\0`);
const rowBytes = (row: Row) => [
  short(row.length),
  ...row.flatMap((value) => {
    if (value === null) return [Buffer.from('n')];
    if (value === undefined) return [Buffer.from('u')];
    const bytes = Buffer.from(value);
    return [Buffer.from('t'), int(bytes.length), bytes];
  }),
];

/** As PostgreSQL writes it ("Logical Replication Message Formats"). */
function encode(message: Message): Buffer {
  switch (message.is) {
    case 'begin':
      return Buffer.concat([
        Buffer.from('B'),
        long(message.lsn),
        long(BigInt(message.at) - 946_684_800_000_000n),
        int(message.xid),
      ]);
    case 'commit':
      return Buffer.concat([Buffer.from('C\0'), long(0n), long(message.end), long(0n)]);
    case 'relation':
      return Buffer.concat([
        Buffer.from('R'),
        int(message.id),
        text('public'),
        text(message.name),
        Buffer.from('d'),
        short(message.columns.length),
        ...message.columns.flatMap(({ name, isKey }) => [
          Buffer.of(isKey ? 1 : 0),
          text(name),
          int(25),
          int(0xffffffff),
        ]),
      ]);
    case 'insert':
      return Buffer.concat([
        Buffer.from('I'),
        int(message.relation),
        Buffer.from('N'),
        ...rowBytes(message.row),
      ]);
    case 'update':
      return Buffer.concat([
        Buffer.from('U'),
        int(message.relation),
        ...(message.key === null ? [] : [Buffer.from('K'), ...rowBytes(message.key)]),
        Buffer.from('N'),
        ...rowBytes(message.row),
      ]);
    case 'delete':
      return Buffer.concat([
        Buffer.from('D'),
        int(message.relation),
        Buffer.from('K'),
        ...rowBytes(message.key),
      ]);
    case 'truncate':
      return Buffer.concat([
        Buffer.from('T'),
        int(message.relations.length),
        Buffer.from('\0'),
        ...message.relations.map(int),
      ]);
    default:
      return Buffer.from('O');
  }
}

const id = fc.nat(2 ** 31);
const row = fc.array(fc.option(fc.string({ unit: 'grapheme' }), { nil: null }), { maxLength: 4 });
const large = fc.array(fc.oneof(fc.string(), fc.constant(undefined), fc.constant(null)), { maxLength: 4 });
const name = fc.stringMatching(/^[a-zé_]{1,9}$/);
const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({
    is: fc.constant('begin' as const),
    lsn: fc.bigInt(0n, 2n ** 60n),
    at: fc.integer({ min: 0, max: 2 ** 51 }),
    xid: fc.nat(2 ** 32 - 1),
  }),
  fc.record({ is: fc.constant('commit' as const), end: fc.bigInt(0n, 2n ** 60n) }),
  fc.record({
    is: fc.constant('relation' as const),
    id,
    name,
    columns: fc.array(fc.record({ name, isKey: fc.boolean() }), { maxLength: 4 }),
  }),
  fc.record({ is: fc.constant('insert' as const), relation: id, row }),
  fc.record({ is: fc.constant('update' as const), relation: id, key: fc.option(row), row: large }),
  fc.record({ is: fc.constant('delete' as const), relation: id, key: row }),
  fc.record({ is: fc.constant('truncate' as const), relations: fc.array(id, { maxLength: 4 }) }),
);

describe('a change as PostgreSQL writes it', () => {
  it('is read as it was written, and refused cut off anywhere or with more behind it', () => {
    fc.assert(
      fc.property(message, (one) => {
        const bytes = encode(one);
        expect(parseMessage(bytes)).toEqual(one);
        expect(() => parseMessage(Buffer.concat([bytes, Buffer.of(0)]))).toThrow(MessageFault);
        for (let end = 0; end < bytes.length; end += 1)
          expect(() => parseMessage(bytes.subarray(0, end))).toThrow(MessageFault);
      }),
    );
  });

  it('is a change or a fault, whatever its bytes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('B', 'C', 'R', 'I', 'U', 'D', 'T', 'O', 'Y', 'M', 'Z'),
        fc.uint8Array({ maxLength: 60 }),
        (kind, bytes) => {
          try {
            parseMessage(Buffer.concat([Buffer.from(kind), bytes]));
          } catch (error) {
            expect(error).toBeInstanceOf(MessageFault);
          }
        },
      ),
    );
  });

  it('of a table with 1,600 columns is read, of one with more not', () => {
    const wide = (columns: number): Message => ({
      is: 'insert',
      relation: 1,
      row: Array.from({ length: columns }, () => null),
    });
    expect(parseMessage(encode(wide(1600)))).toEqual(wide(1600));
    expect(() => parseMessage(encode(wide(1601)))).toThrow(/1601 columns at byte 6/);
  });
});

describe('a transaction is held by a backup', () => {
  const held = (snapshot: string, xid: number) => isHeldBy(parseSnapshot(snapshot)!, xid);

  it.each([
    ['10:20:12,15', 9, true],
    ['10:20:12,15', 12, false],
    ['10:20:12,15', 13, true],
    ['10:20:12,15', 19, true],
    ['10:20:12,15', 20, false],
    // Of the next round of 2^32, and of the one before.
    ['4294967290:4294967300:', 3, true],
    ['4294967290:4294967300:', 4, false],
    ['4294967290:4294967300:', 4294967290, true],
    ['4294967297:4294967298:4294967297', 1, false],
  ])('%s, %d: %s', (snapshot, xid, is) => {
    expect(held(snapshot, xid)).toBe(is);
  });

  it('where its text is one', () => {
    for (const bad of ['', '1:2', '1:2:x', `${'9'.repeat(21)}:1:`]) expect(parseSnapshot(bad)).toBeNull();
  });
});
