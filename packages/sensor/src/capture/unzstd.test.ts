import { setTimeout as pause } from 'node:timers/promises';
import { constants, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { MAX_ZSTD_OUTPUT } from '../limits.ts';
import { bytes, chunksOf, pcap, u32, udpFrame } from '../testing/frames.ts';
import { readCapture } from './read-capture.ts';
import { unzstd } from './unzstd.ts';

const there = { source: '10.0.0.1', target: '10.0.0.2', sourcePort: 5000, targetPort: 9 };
const file = pcap(
  Array.from({ length: 200 }, (_, i) => udpFrame(there, `${i} ${Math.imul(i, 2_654_435_761)}`)),
);

async function read(source: AsyncIterable<Uint8Array>) {
  let packets = 0;
  const reading = readCapture(source, 'x.pcap', () => {
    packets += 1;
    return false;
  });
  let step = await reading.next();
  while (step.done !== true) step = await reading.next();
  return { packets, ...step.value };
}

const whole = { packets: 200, format: 'pcap+zstd', lost: 0, errors: [] };

test('reads a capture through zstd, in chunks of any size', async () => {
  const packed = new Uint8Array(zstdCompressSync(file));
  for (const size of [1, 7, 1000, 1_000_000]) expect(await read(chunksOf(packed, size))).toEqual(whole);
});

test('reads several frames behind one another, and skips those that are for others', async () => {
  const skippable = bytes(0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3);
  const parts = [file.subarray(0, 1000), file.subarray(1000, 1001), file.subarray(1001)];
  const packed = bytes(...parts.flatMap((part) => [skippable, zstdCompressSync(part)]), skippable);
  for (const size of [1, 13, 1_000_000]) expect(await read(chunksOf(packed, size))).toEqual(whole);
});

test('cut at any byte ends with what was read and one error', async () => {
  const packed = new Uint8Array(zstdCompressSync(file.subarray(0, 1000)));
  for (let length = 4; length < packed.length; length += 3) {
    const { errors } = await read(chunksOf(packed.subarray(0, length), 64));
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toMatch(/^expected whole zstd data/);
  }
});

test('with flipped bits never throws, and what came out before counts', async () => {
  const options = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };
  const packed = new Uint8Array(zstdCompressSync(file, options));
  for (let at = 0; at < packed.length; at += 11) {
    const damaged = packed.slice();
    damaged[at]! ^= 0x10;
    const { errors, packets } = await read(chunksOf(damaged, 500));
    expect(errors.length).toBeLessThanOrEqual(1);
    expect(packets).toBeLessThanOrEqual(200);
  }
  packed[packed.length - 1]! ^= 1;
  expect(await read(chunksOf(packed, 500))).toMatchObject({ errors: [expect.anything()] });
});

test('other bytes behind the last frame are one error that takes nothing away', async () => {
  const found = await read(chunksOf(bytes(zstdCompressSync(file), 'something else'), 1_000_000));
  expect(found).toMatchObject({ packets: 200, errors: [expect.anything()] });
});

test('a few bytes that stand for gigabytes are decompressed no further than is read', async () => {
  // RFC 8878 §3.1.1.2: a block of one repeated byte, 128 KiB long, takes four bytes.
  const block = bytes(2, 0, 16, 0);
  const bomb = bytes(0x28, 0xb5, 0x2f, 0xfd, 0, 0x38, ...Array.from({ length: 4000 }, () => block));
  const before = process.memoryUsage().arrayBuffers;
  let length = 0;
  for await (const chunk of unzstd(chunksOf(bomb, 1_000_000))) {
    if (length === 0) {
      // Time enough for a decompressor that does not wait to make all of it.
      await pause(400);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * MAX_ZSTD_OUTPUT);
    }
    length += chunk.length;
    if (length > 400 * 1024 * 1024) break;
  }
  expect(length).toBeGreaterThan(400 * 1024 * 1024);
});

test('a window beyond the bound is refused', async () => {
  // §3.1.1.1.2: the window descriptor's exponent counts from 10; 0x88 is 128 MiB and 0x90 256 MiB.
  const frame = (window: number) => bytes(0x28, 0xb5, 0x2f, 0xfd, 0, window, 9, 0, 0, 0x61);
  expect((await read(chunksOf(frame(0x88), 99))).errors[0]?.message).toMatch(/found only 1 bytes/);
  expect((await read(chunksOf(frame(0x90), 99))).errors[0]?.message).toMatch(/^expected whole zstd data/);
});

test.each([
  ['snoop\0\0\0', 'a snoop file'],
  ['\x04\x22\x4d\x18', 'an lz4 file'],
  ['\xfd7zXZ\0', 'an xz file'],
  ['PK\x03\x04', 'a zip archive'],
])('names a format that is not read: %j', async (start, name) => {
  const { errors } = await read(chunksOf(bytes(start, u32(0), u32(0)), 99));
  expect(errors[0]?.message).toContain(`expected a pcap, pcapng, gzip or zstd file, found ${name}`);
});
