import { BATCH_ROWS, sensorBatchSchema } from '@wardline/model';
import { describe, expect, test } from 'vitest';
import { Redactor } from './redactor.ts';
import { sense } from './sense.ts';
import { hasSharedCaptures, senseChunks, senseFile, sharedCaptures, sharedPath } from './testing/captures.ts';
import { bytes, chunksOf, pcap, udpFrame } from './testing/frames.ts';

const frame = (i: number, port = 9) =>
  udpFrame(
    {
      source: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`,
      target: '10.200.0.1',
      sourcePort: 5000,
      targetPort: port,
    },
    'x',
  );

describe('sense', () => {
  test('gives the same batches however the bytes are cut', async () => {
    const file = pcap(Array.from({ length: 300 }, (_, i) => frame(i + 1)));
    const limits = { rows: 40 };
    const whole = await senseChunks(chunksOf(file, file.length), limits);
    expect(whole.batches.length).toBeGreaterThan(5);
    for (const size of [13, 64, 1000]) expect(await senseChunks(chunksOf(file, size), limits)).toEqual(whole);
  });

  test('numbers batches from 1 without gaps, marks the last, and keeps to the bound on rows', async () => {
    const file = pcap(Array.from({ length: BATCH_ROWS + 7 }, (_, i) => frame(i + 1)));
    const { batches, summary } = await senseChunks(chunksOf(file, 65_536), { rows: 1_000_000 });
    expect(batches.map((batch) => [batch.number, batch.last, batch.conversations.length])).toEqual([
      [1, false, BATCH_ROWS],
      [2, true, 7],
    ]);
    expect(batches.map((batch) => batch.statistics.packets)).toEqual([BATCH_ROWS + 7, 0]);
    expect(summary).toMatchObject({
      format: 'pcap',
      packets: BATCH_ROWS + 7,
      firstSeen: 1_000_000_000,
      errors: [],
    });
  });

  test('hands over what was read before damage, and the last batch', async () => {
    const file = pcap([frame(1), frame(2)]);
    const { batches, summary } = await senseChunks(chunksOf(file.subarray(0, file.length - 1), 50));
    expect(summary.errors).toMatchObject([
      { file: 'test.pcap', record: 2, offset: 24 + 16 + frame(1).length },
    ]);
    expect(batches.map((batch) => [batch.last, batch.conversations.length])).toEqual([[true, 1]]);
  });

  test('has one empty batch for a file that is none', async () => {
    const { batches, summary } = await senseChunks(chunksOf(bytes('not a capture'), 5));
    expect(batches).toMatchObject([{ number: 1, last: true, conversations: [], sightings: [] }]);
    expect(summary).toMatchObject({
      format: 'unknown',
      packets: 0,
      firstSeen: null,
      errors: [{ offset: 0 }],
    });
  });

  test('flushes a live stream by packet time', async () => {
    const file = pcap(Array.from({ length: 10 }, (_, i) => frame(i + 1)));
    const options = { file: 'x', sensor: 's', stream: 't', redactor: new Redactor(new Uint8Array(1), []) };
    const run = sense(chunksOf(file, 1000), { ...options, flushEveryMicros: 3_000_000 });
    const packets: number[] = [];
    for await (const batch of run) packets.push(batch.statistics.packets);
    expect(packets).toEqual([4, 3, 3, 0]);
  });

  test('stops at a signal and hands over what it has', async () => {
    const file = pcap(Array.from({ length: 10 }, (_, i) => frame(i + 1)));
    const stop = new AbortController();
    const options = { file: 'x', sensor: 's', stream: 't', redactor: new Redactor(new Uint8Array(1), []) };
    const run = sense(chunksOf(file, 200), {
      ...options,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    const first = await run.next();
    expect(first.value).toMatchObject({ number: 1, last: true, statistics: { packets: 2 } });
    expect(await run.next()).toMatchObject({ done: true, value: { packets: 2, errors: [] } });
  });
});

describe.skipIf(!hasSharedCaptures)('on the shared captures', () => {
  test('ends with a summary, in batches that keep the contract, and no dissector at fault', async () => {
    const faults = new Map<string, string[]>();
    const names = sharedCaptures();
    for (const name of names) {
      const { batches, summary } = await senseFile(sharedPath(name));
      expect(batches.at(-1)?.last).toBe(true);
      expect(summary.errors.length).toBeLessThanOrEqual(1);
      for (const batch of batches) {
        const causes = Object.keys(batch.statistics.dropped).filter((cause) => cause.startsWith('fault-'));
        const checked = sensorBatchSchema.safeParse(batch);
        if (!checked.success) causes.push(checked.error.message);
        if (causes.length > 0) faults.set(name, causes);
      }
    }
    expect(Object.fromEntries(faults)).toEqual({});
    expect(names.length).toBeGreaterThan(1000);
  }, 300_000);
});

test('what was lost on the way is told once, as it becomes known', async () => {
  let lost = 0;
  const options = {
    file: 'x',
    sensor: 's',
    stream: 't',
    redactor: new Redactor(new Uint8Array(16), []),
    isFlushDue: () => true,
    lostSoFar: () => lost,
  };
  const told: unknown[] = [];
  for await (const batch of sense(chunksOf(pcap([frame(1), frame(2), frame(3)]), 90), options)) {
    told.push(batch.statistics.dropped['kernel-dropped']);
    lost = 4;
  }
  expect(told.slice(0, 3)).toEqual([undefined, 4, undefined]);
});
