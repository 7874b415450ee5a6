import { type Conversation, type SensorBatch, sensorBatchSchema } from '@wardline/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FLOW_FIELDS, FLOW_LATE, FLOW_OVERTAKEN, FLOW_TEMPLATES } from '../limits.ts';
import { openSensorLog } from '../sensor-logs/open.ts';
import { readSensorLog } from '../sensor-logs/read.ts';
import { type FlowDatagram, readFlowDatagrams } from './read.ts';
import { Sequence } from './sequence.ts';

type Field = readonly [element: number, length: number, enterprise?: number];
const NOW = 1_772_323_200;

const word = (value: number) => [(value >>> 8) & 0xff, value & 0xff];
const long = (value: number) => [...word(Math.floor(value / 65_536)), ...word(value % 65_536)];
const ip = (text: string) => text.split('.').map(Number);
const set = (id: number, body: number[]) => [...word(id), ...word(body.length + 4), ...body];

function template(id: number, fields: readonly Field[]): number[] {
  const specifiers = fields.flatMap(([element, length, enterprise]) =>
    enterprise === undefined
      ? [...word(element), ...word(length)]
      : [...word(element + 0x80_00), ...word(length), ...long(enterprise)],
  );
  return [...word(id), ...word(fields.length), ...specifiers];
}

function v9(sets: number[][], head: { sequence?: number; upTime?: number } = {}): Uint8Array {
  const { sequence = 1, upTime = 100_000 } = head;
  const body = sets.flat();
  return Uint8Array.from([
    ...word(9),
    ...word(sets.length),
    ...long(upTime),
    ...long(NOW),
    ...long(sequence),
    ...long(7),
    ...body,
  ]);
}

function ipfix(sets: number[][], sequence = 0): Uint8Array {
  const body = sets.flat();
  return Uint8Array.from([
    ...word(10),
    ...word(body.length + 16),
    ...long(NOW),
    ...long(sequence),
    ...long(7),
    ...body,
  ]);
}

/** addresses, ports, protocol, flags, packets, octets, first and last as uptime. */
const FIELDS: Field[] = [
  [8, 4],
  [12, 4],
  [7, 2],
  [11, 2],
  [4, 1],
  [6, 1],
  [2, 4],
  [1, 4],
  [22, 4],
  [21, 4],
];
const ask = (packets: number, flags = 0x1b) => [
  ...ip('10.0.0.1'),
  ...ip('10.0.0.2'),
  ...word(50_000),
  ...word(104),
  6,
  flags,
  ...long(packets),
  ...long(packets * 100),
  ...long(90_000),
  ...long(95_000),
];
const answer = (packets: number, flags = 0x1b) => [
  ...ip('10.0.0.2'),
  ...ip('10.0.0.1'),
  ...word(104),
  ...word(50_000),
  6,
  flags,
  ...long(packets),
  ...long(packets * 200),
  ...long(90_001),
  ...long(95_001),
];

function v5(records: number[][], head: { sequence?: number; sampling?: number } = {}): Uint8Array {
  const fixed = (record: number[]) => {
    const [source, destination, ports] = [record.slice(0, 4), record.slice(4, 8), record.slice(8, 12)];
    const [protocol = 0, flags = 0] = record.slice(12, 14);
    const [counts, times] = [record.slice(14, 22), record.slice(22, 30)];
    return [
      ...source,
      ...destination,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      ...counts,
      ...times,
      ...ports,
      0,
      flags,
      protocol,
      0,
      ...long(0),
      ...long(0),
    ];
  };
  const { sequence = 0, sampling = 0 } = head;
  const body = records.flatMap(fixed);
  return Uint8Array.from([
    ...word(5),
    ...word(records.length),
    ...long(100_000),
    ...long(NOW),
    ...long(0),
    ...long(sequence),
    0,
    0,
    ...word(sampling),
    ...body,
  ]);
}

interface Read {
  conversations: Conversation[];
  dropped: Record<string, number>;
  batches: SensorBatch[];
  format: string;
  errors: number;
}

const options = {
  file: 'udp',
  sensor: 's',
  stream: 't',
  redactor: { mark: () => '', knownDefault: () => null },
};

async function gather(run: ReturnType<typeof readFlowDatagrams>): Promise<Read> {
  const batches: SensorBatch[] = [];
  let step = await run.next();
  for (; step.done !== true; step = await run.next()) batches.push(step.value);
  for (const batch of batches) sensorBatchSchema.parse(batch);
  const dropped: Record<string, number> = {};
  for (const { statistics } of batches)
    for (const [cause, count] of Object.entries(statistics.dropped))
      dropped[cause] = (dropped[cause] ?? 0) + count;
  const { format, errors } = step.value;
  return {
    batches,
    dropped,
    conversations: batches.flatMap((batch) => batch.conversations),
    format,
    errors: errors.length,
  };
}

async function* datagrams(messages: Uint8Array[]): AsyncGenerator<FlowDatagram> {
  for (const bytes of messages) yield { exporter: '192.0.2.1', port: 40_000, bytes };
}

const hear = (...messages: Uint8Array[]) => gather(readFlowDatagrams(datagrams(messages), options));

async function readFile(bytes: Uint8Array, size = 65_536): Promise<Read> {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const { format, source } = await openSensorLog(chunks());
  if (format === null) throw new Error('expected a file of IPFIX');
  return gather(readSensorLog(source, format, options));
}

const expected = {
  client: { mac: null, ip: '10.0.0.1', vlan: null },
  server: { mac: null, ip: '10.0.0.2', vlan: null },
  serverPort: 104,
  transport: 'tcp',
  application: null,
  protection: 'unknown',
  basis: 'port',
  packetsFromClient: 6,
  packetsFromServer: 5,
  bytesFromClient: 684,
  bytesFromServer: 1070,
  connections: { opened: 1, established: 1, refused: 0, unanswered: 0, closed: 1, reset: 0 },
  firstSeen: (NOW - 10) * 1e6,
  lastSeen: (NOW - 5) * 1e6 + 1000,
  facts: { exporter: '192.0.2.1' },
};

describe('the two directions of a flow are one conversation', () => {
  it('of NetFlow v5, whichever comes first', async () => {
    for (const records of [
      [ask(6), answer(5)],
      [answer(5), ask(6)],
    ]) {
      const { conversations, dropped, format } = await hear(v5(records));
      expect(conversations).toEqual([expect.objectContaining(expected)]);
      expect([dropped, format]).toEqual([{}, 'NetFlow v5']);
    }
  });

  it('of NetFlow v9, in messages apart', async () => {
    const first = v9([set(0, template(256, FIELDS)), set(256, ask(6))]);
    const { conversations, dropped } = await hear(
      first,
      v9([set(256, [...answer(5), 0, 0])], { sequence: 2 }),
    );
    expect(conversations).toEqual([expect.objectContaining(expected)]);
    expect(dropped).toEqual({});
  });

  it('of IPFIX in one record (RFC 5103), with its packets of both sides', async () => {
    const fields: Field[] = [
      [8, 4],
      [12, 4],
      [7, 2],
      [11, 2],
      [4, 1],
      [6, 1],
      [2, 2],
      [1, 2],
      [152, 8],
      [153, 8],
      [2, 2, 29_305],
      [1, 2, 29_305],
      [6, 1, 29_305],
      [239, 1],
    ];
    const milli = (offset: number) => [
      ...long(Math.floor(((NOW - 10) * 1000 + offset) / 2 ** 32)),
      ...long(((NOW - 10) * 1000 + offset) % 2 ** 32),
    ];
    const record = [
      ...ip('10.0.0.1'),
      ...ip('10.0.0.2'),
      ...word(50_000),
      ...word(104),
      6,
      0x1b,
      ...word(6),
      ...word(600),
      ...milli(0),
      ...milli(5001),
      ...word(5),
      ...word(1000),
      0x1b,
      1,
    ];
    const { conversations } = await hear(ipfix([set(2, template(300, fields)), set(300, record)]));
    expect(conversations).toEqual([expect.objectContaining({ ...expected, basis: 'protocol' })]);
  });

  it('stands alone where the other never comes, and says what became of it', async () => {
    const syn = await hear(v5([ask(3, 2)]));
    expect(syn.conversations[0]).toMatchObject({
      basis: 'syn',
      packetsFromServer: 0,
      connections: { opened: 1, unanswered: 1 },
    });
    const refused = await hear(v5([ask(1, 2), answer(1, 0x14)]));
    expect(refused.conversations[0]).toMatchObject({
      basis: 'syn',
      connections: { opened: 1, refused: 1, established: 0 },
    });
    const oneSided = await hear(v5([answer(3)]));
    expect(oneSided.conversations[0]).toMatchObject({
      client: { ip: '10.0.0.1' },
      packetsFromServer: 3,
      connections: { established: 1 },
    });
  });
});

describe('templates', () => {
  it('data before its template is counted, not guessed', async () => {
    const { conversations, dropped } = await hear(v9([set(256, ask(6))]));
    expect([conversations, dropped]).toEqual([[], { 'set-without-template': 1 }]);
  });

  it('a template takes the place of an older one of its number', async () => {
    const other: Field[] = [[12, 4], [8, 4], [11, 2], [7, 2], ...FIELDS.slice(4)];
    const { conversations } = await hear(
      v9([set(0, template(256, FIELDS)), set(256, ask(1))]),
      v9([set(0, template(256, other)), set(256, ask(1))], { sequence: 2 }),
    );
    expect(conversations.map(({ packetsFromClient }) => packetsFromClient)).toEqual([1]);
    expect(conversations[0]?.packetsFromServer).toBe(1);
  });

  it('fields say their own length where the template leaves it to them (RFC 7011 §7)', async () => {
    const fields: Field[] = [[82, 65_535], ...FIELDS.slice(0, 8), [150, 4]];
    const record = (name: number[]) => [...name, ...ask(2).slice(0, 22), ...long(NOW)];
    const short = record([3, 1, 2, 3]);
    const wide = record([255, 0, 4, 1, 2, 3, 4]);
    const { conversations, dropped } = await hear(
      ipfix([set(2, template(256, fields)), set(256, [...short, ...wide])]),
    );
    expect(conversations[0]?.packetsFromClient).toBe(4);
    const lying = await hear(ipfix([set(2, template(256, fields)), set(256, [255, 255, 255, ...short])]));
    expect([dropped, lying.dropped]).toEqual([{}, { 'damaged-record': 1 }]);
  });

  it('are withdrawn in a file, and not over UDP (RFC 7011 §8.4)', async () => {
    const timed: Field[] = [...FIELDS.slice(0, 8), [150, 4]];
    const record = [...ask(2).slice(0, 22), ...long(NOW)];
    const learn = ipfix([set(2, template(256, timed)), set(256, record)]);
    for (const gone of [set(2, [...word(256), ...word(0)]), set(2, [...word(2), ...word(0)])]) {
      const after = ipfix([gone, set(256, record)], 1);
      const inFile = await readFile(Uint8Array.from([...learn, ...after]));
      expect(inFile.dropped).toEqual({ 'set-without-template': 1 });
      const heard = await hear(learn, after);
      expect(heard.dropped).toEqual({ 'withdrawal-over-udp': 1 });
      expect(heard.conversations[0]?.packetsFromClient).toBe(4);
    }
  });

  it('end with the exporter that started anew (RFC 3954 §9)', async () => {
    const first = v9([set(0, template(256, FIELDS)), set(256, ask(6))], { upTime: 5_000_000 });
    const { dropped } = await hear(first, v9([set(256, ask(6))], { sequence: 0, upTime: 1000 }));
    expect(dropped).toEqual({ 'set-without-template': 1 });
  });

  it.each([
    [FLOW_FIELDS, {}],
    [FLOW_FIELDS + 1, { 'damaged-template': 1 }],
  ])('of %i fields', async (count, dropped) => {
    const fields = Array.from({ length: count }, (): Field => [999, 1]);
    expect((await hear(v9([set(0, template(256, fields))]))).dropped).toEqual(dropped);
  });

  it.each([
    [FLOW_TEMPLATES - 1, {}],
    [FLOW_TEMPLATES, { 'set-without-template': 1 }],
  ])('the oldest makes room after %i others', async (others, dropped) => {
    const more = Array.from({ length: others }, (_, i) =>
      v9([set(0, template(300 + i, FIELDS))], { sequence: i + 2 }),
    );
    const read = await hear(
      v9([set(0, template(256, FIELDS))]),
      ...more,
      v9([set(256, ask(1))], { sequence: others + 2 }),
    );
    expect(read.dropped).toEqual(dropped);
  });

  it('of no length is refused, so that no set of data is without end', async () => {
    const { dropped } = await hear(v9([set(0, template(256, [[8, 0]])), set(256, [1, 2, 3, 4])]));
    expect(dropped).toEqual({ 'damaged-template': 1, 'set-without-template': 1 });
  });
});

describe('sampling', () => {
  it('multiplies what was counted, and says so', async () => {
    const { conversations } = await hear(v5([ask(6), answer(5)], { sampling: 0x40_64 }));
    expect(conversations[0]).toMatchObject({
      packetsFromClient: 600,
      packetsFromServer: 500,
      facts: { sampledOneIn: 100 },
      connections: { opened: 1, established: 1, closed: 0 },
    });
  });

  it('is told by options, for each sampler (RFC 3954 §6.1)', async () => {
    const scope = [
      ...word(257),
      ...word(4),
      ...word(8),
      ...word(1),
      ...word(4),
      ...word(48),
      ...word(1),
      ...word(50),
      ...word(4),
    ];
    const records = [...long(0), 3, ...long(10)];
    const sampled: Field[] = [...FIELDS, [48, 1]];
    const { conversations, dropped } = await hear(
      v9([
        set(1, scope),
        set(257, records),
        set(0, template(256, sampled)),
        set(256, [...ask(1), 3, ...answer(1), 3]),
      ]),
    );
    expect(conversations[0]).toMatchObject({
      packetsFromClient: 10,
      packetsFromServer: 10,
      facts: { sampledOneIn: 10 },
    });
    expect(dropped).toEqual({});
  });
});

describe('what was lost is told by the numbers', () => {
  it('flows of v5, messages of v9, records of IPFIX', async () => {
    const five = await hear(v5([ask(1)], { sequence: 10 }), v5([ask(1)], { sequence: 14 }));
    const learn = v9([set(0, template(256, FIELDS))], { sequence: 4 });
    const nine = await hear(learn, v9([set(256, ask(1))], { sequence: 7 }));
    const ten = await hear(
      ipfix([set(2, template(256, FIELDS)), set(256, [...ask(1), ...ask(1)])], 100),
      ipfix([set(256, ask(1))], 109),
    );
    expect([five, nine, ten].map(({ dropped }) => dropped)).toEqual([
      { 'lost-flows': 3 },
      { 'lost-flow-messages': 2 },
      { 'lost-flow-records': 7 },
    ]);
  });

  it('not by messages that were overtaken, nor by copies, nor by the end of the numbers', () => {
    const sequence = new Sequence();
    const numbers = [2 ** 32 - 2, 2 ** 32 - 1, 1, 0, 2, 2, 4, 3];
    const lost = numbers.map((number) => sequence.take(number, 1).lost);
    expect([...lost, sequence.end()].every((count) => count === 0)).toBe(true);
  });

  it('exactly, in whatever order they come', () => {
    const arbitrary = fc.record({
      start: fc.nat(2 ** 32 - 1),
      missing: fc.uniqueArray(fc.integer({ min: 1, max: 198 }), { maxLength: 20 }),
      late: fc.uniqueArray(fc.integer({ min: 1, max: 198 }), { maxLength: 20 }),
    });
    fc.assert(
      fc.property(arbitrary, ({ start, missing, late }) => {
        const sent = Array.from({ length: 200 }, (_, i) => i).filter((i) => !missing.includes(i));
        const arrival = (i: number) => i + (late.includes(i) ? FLOW_OVERTAKEN / 2 : 0);
        const sequence = new Sequence();
        const order = sent.sort((a, b) => arrival(a) - arrival(b) || a - b);
        const lost = order.reduce((sum, i) => sum + sequence.take((start + i) >>> 0, 1).lost, 0);
        expect(lost + sequence.end()).toBe(missing.length);
      }),
    );
  });

  it('and an exporter that began anew lost nothing', () => {
    const far = new Sequence();
    far.take(1_000_000, 1);
    expect(far.take(1_000_001 - FLOW_LATE, 1)).toEqual({ restarted: false, lost: 0 });
    expect(far.take(1, 1)).toEqual({ restarted: true, lost: 0 });
    const near = new Sequence();
    for (let number = 0; number < 50; number++) near.take(number, 1);
    expect([0, 1, 2].map((number) => near.take(number, 1).restarted)).toEqual([false, false, true]);
    expect(near.take(3, 1)).toEqual({ restarted: false, lost: 0 });
  });
});

const sound = [
  v5([ask(6), answer(5)]),
  v9([set(0, template(256, FIELDS)), set(256, [...ask(6), ...answer(5)])]),
  ipfix([
    set(2, template(256, [[82, 65_535], ...FIELDS])),
    set(3, [...word(257), ...word(2), ...word(1), ...word(302), ...word(2), ...word(305), ...word(4)]),
    set(256, [2, 0, 0, ...ask(6)]),
  ]),
];

describe('hostile bytes', () => {
  it('cut off anywhere give what stands before, and nothing is thrown', async () => {
    for (const message of sound)
      for (let end = 1; end < message.length; end++) await hear(message.subarray(0, end));
  });

  it('changed anywhere give conversations that fit the schema, or are counted', async () => {
    const changes = fc.array(fc.tuple(fc.nat(160), fc.nat(255)), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...sound), changes, async (message, edits) => {
        const bytes = Uint8Array.from(message);
        for (const [at, value] of edits) bytes[at % bytes.length] = value;
        await hear(message, bytes, message);
      }),
      { numRuns: 300 },
    );
  });

  it('of no known kind are counted', async () => {
    const { dropped, format } = await hear(Uint8Array.from([0, 7, 1, 2]), new Uint8Array(1));
    expect([dropped, format]).toEqual([{ 'not-a-flow-export': 2 }, 'unknown flow export']);
  });
});

describe('a file of IPFIX (RFC 5655)', () => {
  const timed: Field[] = [...FIELDS.slice(0, 8), [150, 4]];
  const record = [...ask(2).slice(0, 22), ...long(NOW)];
  const file = Uint8Array.from([
    ...ipfix([set(2, template(256, timed)), set(256, record)]),
    ...ipfix([set(256, record)], 1),
  ]);

  it('is known by its first bytes and read in pieces of any size', async () => {
    for (const size of [7, 65_536]) {
      const { conversations, format, errors } = await readFile(file, size);
      expect([conversations[0]?.packetsFromClient, format, errors]).toEqual([4, 'IPFIX', 0]);
    }
  });

  it('that is cut off or damaged gives what stands before, and says where', async () => {
    for (const bytes of [file.subarray(0, file.length - 3), Uint8Array.from([...file, 0, 9, 0, 20])]) {
      const { conversations, errors } = await readFile(bytes);
      expect([conversations.length, errors]).toEqual([1, 1]);
    }
  });
});
