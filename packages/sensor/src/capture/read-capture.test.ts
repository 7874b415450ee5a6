import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_RECORD } from '../limits.ts';
import { block, bytes, chunksOf, pcap, u16, u32 } from '../testing/frames.ts';
import { type CaptureEnd, readCapture } from './read-capture.ts';

interface Read extends CaptureEnd {
  packets: { linkType: number; data: Uint8Array; original: number; time: number; number: number }[];
}

async function read(file: Uint8Array | AsyncIterable<Uint8Array>, size = 65_536): Promise<Read> {
  const packets: Read['packets'] = [];
  const source = file instanceof Uint8Array ? chunksOf(file, size) : file;
  const reading = readCapture(source, 'x.pcap', (linkType, data, start, end, original, time, number) => {
    packets.push({ linkType, data: data.slice(start, end), original, time, number });
    return false;
  });
  let step = await reading.next();
  while (step.done !== true) step = await reading.next();
  return { ...step.value, packets };
}

const frames = [bytes('first'), bytes(''), bytes('the third packet')];
const little = (value: number) => u32(value).reverse();
const little16 = (value: number) => u16(value).reverse();

const section = (littleEndian = true) => {
  const order = (value: number) => (littleEndian ? little(value) : u32(value));
  const versions = littleEndian ? bytes(1, 0, 0, 0) : bytes(0, 1, 0, 0);
  return block(0x0a0d0d0a, bytes(order(0x1a2b3c4d), versions, new Uint8Array(8).fill(255)), littleEndian);
};
const face = (linkType: number, options: Uint8Array = new Uint8Array(0), snap = 0) =>
  block(1, bytes(little16(linkType), 0, 0, little(snap), options));
const option = (code: number, value: Uint8Array) =>
  bytes(little16(code), little16(value.length), value, new Uint8Array((4 - (value.length % 4)) % 4));
const enhanced = (number: number, high: number, low: number, data: Uint8Array, original = data.length) =>
  block(6, bytes(little(number), little(high), little(low), little(data.length), little(original), data));

describe('pcap', () => {
  test.each([
    ['pcap', 0xa1b2c3d4, 16, 1_001_000_001],
    ['pcap-ns', 0xa1b23c4d, 16, 1_001_000_000],
    ['pcap-modified', 0xa1b2cd34, 24, 1_001_000_001],
  ])('reads %s in both byte orders', async (format, magic, recordHeader, time) => {
    for (const littleEndian of [true, false]) {
      const result = await read(pcap(frames, { magic, littleEndian, recordHeader, linkType: 113 }));
      expect(result.format).toBe(format);
      expect(result.errors).toEqual([]);
      expect(result.packets.map((packet) => packet.data)).toEqual(frames);
      expect(result.packets[1]).toMatchObject({ linkType: 113, time, number: 2 });
    }
  });

  test('locates a record longer than any packet', async () => {
    const file = pcap(frames);
    file.set(little(MAX_RECORD + 1), 24 + 16 + 5 + 8);
    const { packets, errors } = await read(file);
    expect(packets).toHaveLength(1);
    expect(errors).toEqual([
      {
        file: 'x.pcap',
        record: 2,
        offset: 53,
        message: `expected a packet of at most ${MAX_RECORD} bytes, found a length of ${MAX_RECORD + 1}`,
      },
    ]);
  });

  test('takes a record of exactly the longest length', async () => {
    const { packets, errors } = await read(pcap([new Uint8Array(MAX_RECORD)]));
    expect(packets[0]?.data).toHaveLength(MAX_RECORD);
    expect(errors).toEqual([]);
  });

  test('says so where the file is empty, short or something else', async () => {
    const messages = async (file: Uint8Array) => (await read(file)).errors.map((error) => error.message);
    expect(await messages(bytes())).toEqual(['expected a pcap or pcapng file, found an empty file']);
    expect(await messages(bytes(0xd4))).toEqual(['expected a pcap or pcapng file, found only 1 bytes']);
    expect(await messages(bytes('%PDF-1.7'))).toEqual([
      'expected a pcap, pcapng, gzip or zstd file, found one that starts with 25 50 44 46',
    ]);
  });
});

describe('pcapng', () => {
  test('reads several sections, interfaces and kinds of packets, and skips what it does not know', async () => {
    const resolution = option(9, bytes(9));
    const offset = option(14, bytes(10, 0, 0, 0, 0, 0, 0, 0));
    const file = bytes(
      section(),
      block(0x0bad0bad, bytes('what is this')),
      face(1, bytes(option(2, bytes('eth0')), resolution)),
      face(101, offset, 4),
      enhanced(0, 0, 1_999_999, bytes('ns')),
      enhanced(1, 1, 5, bytes('late'), 99),
      block(2, bytes(little16(1), 0, 0, little(0), little(7), little(3), little(3), 'old')),
      section(),
      face(113, new Uint8Array(0), 4),
      block(3, bytes(little(6), 'simp')),
    );
    const { packets, errors, format } = await read(file);
    expect([format, errors]).toEqual(['pcapng', []]);
    const shown = packets.map(({ data, ...rest }) => ({ ...rest, data: String.fromCharCode(...data) }));
    expect(shown).toEqual([
      { linkType: 1, data: 'ns', original: 2, time: 1999, number: 1 },
      { linkType: 101, data: 'late', original: 99, time: 4_294_967_301 + 10_000_000, number: 2 },
      { linkType: 101, data: 'old', original: 3, time: 7 + 10_000_000, number: 3 },
      { linkType: 113, data: 'simp', original: 6, time: 7 + 10_000_000, number: 4 },
    ]);
  });

  test.each([
    [0x83, 8 * 3, 3_000_000],
    [3, 2500, 2_500_000],
    [0, 2, 2_000_000],
  ])('keeps time at resolution %i', async (resolution, ticks, micros) => {
    const file = bytes(section(), face(1, option(9, bytes(resolution))), enhanced(0, 0, ticks, bytes('x')));
    expect((await read(file)).packets[0]?.time).toBe(micros);
  });

  test('divides nanoseconds of today exactly', async () => {
    const nanos = 1_795_471_200_123_456_789n;
    const high = Number(nanos >> 32n);
    const low = Number(nanos & 0xffffffffn);
    const file = bytes(section(), face(1, option(9, bytes(9))), enhanced(0, high, low, bytes('x')));
    expect((await read(file)).packets[0]?.time).toBe(1_795_471_200_123_456);
  });

  test.each([
    [
      'an interface that is not there',
      enhanced(3, 0, 0, bytes('x')),
      /expected one of the 1 interfaces .* found number 3/,
    ],
    [
      'a packet longer than its block',
      block(6, bytes(little(0), little(0), little(0), little(9), little(9))),
      /at most 0 bytes, found a length of 9/,
    ],
    ['a length that 4 does not divide', bytes(little(6), little(33), new Uint8Array(40)), /found 33/],
    [
      'another length at the end',
      bytes(block(9, bytes('abcd')).subarray(0, 12), little(20)),
      /again at its end, found 20/,
    ],
  ])('locates %s', async (_what, damaged, message) => {
    const start = bytes(section(), face(1), enhanced(0, 0, 1, bytes('good')));
    const { packets, errors } = await read(bytes(start, damaged));
    expect(packets).toHaveLength(1);
    expect(errors[0]).toMatchObject({ file: 'x.pcap', record: 4 });
    expect(errors[0]?.offset).toBeGreaterThanOrEqual(start.length);
    expect(errors[0]?.message).toMatch(message);
  });
});

describe('interface statistics', () => {
  const long = (value: number) => bytes(little(value), little(0));
  const statistics = (number: number, ...options: Uint8Array[]) =>
    block(5, bytes(little(number), little(0), little(0), ...options));
  const lost = async (...blocks: Uint8Array[]) =>
    (await read(bytes(section(), face(1), face(1), ...blocks))).lost;

  test('say what was lost by card and kernel: the latest of each interface, over all sections', async () => {
    const first = [
      statistics(0, option(5, long(3))),
      statistics(0, option(4, long(9)), option(5, long(7)), option(7, long(2))),
    ];
    expect(await lost(...first)).toBe(9);
    expect(await lost(...first, statistics(1, option(5, long(1))))).toBe(10);
    expect(await lost(...first, section(), face(1), statistics(0, option(5, long(5))))).toBe(14);
  });

  test('that are damaged say nothing and take nothing away', async () => {
    expect(await lost(statistics(9, option(5, long(7))))).toBe(0);
    expect(await lost(statistics(0, option(5, little(7))))).toBe(0);
    expect(await lost(block(5, little(0)))).toBe(0);
    expect(await lost(statistics(0, option(5, new Uint8Array(8).fill(255))))).toBe(2 ** 40);
    const whole = statistics(0, option(5, long(7)));
    for (let at = 20; at < whole.length - 4; at++) {
      const damaged = whole.slice();
      damaged[at]! ^= 0xff;
      expect(Number.isSafeInteger(await lost(damaged))).toBe(true);
    }
  });
});

const files: [string, Uint8Array, number[]][] = [
  ['pcap', pcap(frames), [24, 45, 61, 93]],
  [
    'pcapng',
    bytes(section(), face(1), enhanced(0, 0, 1, bytes('abcde')), enhanced(0, 0, 2, bytes('f'))),
    [28, 48, 88, 124],
  ],
];

describe.each(files)('a %s file', (_name, file, boundaries) => {
  test('is read alike in chunks of any size', async () => {
    const whole = await read(file);
    for (const size of [1, 2, 3, 7, 16, 50]) expect(await read(file, size)).toEqual(whole);
  });

  test('cut at any byte ends with what was read and one located error', async () => {
    const whole = await read(file);
    for (let length = 0; length < file.length; length++) {
      const cut = await read(file.subarray(0, length), 13);
      expect(cut.packets).toEqual(whole.packets.slice(0, cut.packets.length));
      expect(cut.errors).toHaveLength(boundaries.includes(length) ? 0 : 1);
      expect(cut.errors).toEqual((await read(file.subarray(0, length))).errors);
    }
  });

  test('is read alike through gzip, in one member or several', async () => {
    const whole = await read(file);
    const members = bytes(gzipSync(file.subarray(0, 40)), gzipSync(file.subarray(40)));
    for (const packed of [new Uint8Array(gzipSync(file)), members]) {
      const result = await read(packed, 5);
      expect(result).toEqual({ ...whole, format: `${whole.format}+gzip` });
    }
  });

  test('packed and cut at any byte ends with one error', async () => {
    const packed = new Uint8Array(gzipSync(file));
    for (let length = 2; length < packed.length; length++) {
      const { errors } = await read(packed.subarray(0, length));
      expect(errors).toHaveLength(1);
      expect(errors[0]?.message).toMatch(/^expected whole gzip data/);
    }
  });

  test('with flipped bits never throws and has at most one error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length - 1), fc.nat(255), async (at, value) => {
        const damaged = file.slice();
        damaged[at] = value;
        const { errors, packets } = await read(damaged, 11);
        expect(errors.length).toBeLessThanOrEqual(1);
        expect(packets.length).toBeLessThanOrEqual(10);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});

test.each([
  ['zeros behind the last gzip member as padding', new Uint8Array(100), 0],
  ['other bytes behind the last gzip member as one error that takes nothing away', bytes('not gzip'), 1],
])('takes %s', async (_what, behind, errors) => {
  const file = pcap(frames);
  const packed = bytes(gzipSync(file), behind);
  for (const size of [1, 7, 65_536]) {
    const found = await read(packed, size);
    expect(found.packets).toHaveLength(frames.length);
    expect(found.errors).toHaveLength(errors);
  }
});

test('reads a gzip member whose header has all optional parts, and refuses a wrong checksum', async () => {
  const plain = gzipSync(pcap(frames));
  const head = bytes(
    0x1f,
    0x8b,
    8,
    30,
    0,
    0,
    0,
    0,
    0,
    3,
    2,
    0,
    'xx',
    'a name',
    0,
    'a comment',
    0,
    0xab,
    0xcd,
  );
  const packed = bytes(head, plain.subarray(10));
  for (const size of [1, 5, 65_536]) expect(await read(packed, size)).toMatchObject({ errors: [] });
  packed[packed.length - 8]! ^= 1;
  expect((await read(packed)).errors[0]?.message).toMatch(/incorrect data check/);
});

test('hands over what came out of gzip before damage', async () => {
  const file = pcap(Array.from({ length: 2000 }, (_, i) => bytes(u32(Math.imul(i, 2_654_435_761)), u32(i))));
  const packed = new Uint8Array(gzipSync(file));
  const { packets, errors } = await read(packed.subarray(0, packed.length / 2));
  expect(packets.length).toBeGreaterThan(500);
  expect(errors[0]?.message).toMatch(/damage after \d+ uncompressed bytes/);
});

test('a source that fails ends with what was read and one error', async () => {
  async function* failing() {
    yield pcap(frames).subarray(0, 50);
    throw new Error('EIO: input/output error');
  }
  const { packets, errors } = await read(failing());
  expect(packets).toHaveLength(1);
  expect(errors.map((error) => error.message)).toEqual([
    'expected more bytes, found a failing source (EIO: input/output error)',
  ]);
});
