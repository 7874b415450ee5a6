import { gunzipSync } from 'node:zlib';
import type { SensorBatch } from '@wardline/model';
import { expect, it } from 'vitest';
import type { Answer } from '../../api/client.ts';
import { MemoryDisk } from '../../testing/memory-disk.ts';
import { spooledBatch } from '../../testing/spooled-batch.ts';
import type { Parcel } from '../deliver.ts';
import { SpoolSender } from './sender.ts';
import { Spool } from './spool.ts';

/**
 * A sender whose server answers as it is told, and whose pauses cost no time. The clock stands still while the server
 * answers: reading and packing a batch may take a busy machine as long as it needs.
 */
async function sending(spool: Spool, answer: (batch: SensorBatch, attempt: number) => Answer) {
  const [attempts, told]: [SensorBatch[], string[]] = [[], []];
  let clock = 0;
  let isAway = false;
  const around = {
    hand: async ({ body }: Parcel) => {
      const batch = JSON.parse(gunzipSync(body).toString()) as SensorBatch;
      attempts.push(batch);
      const said = answer(batch, attempts.length);
      isAway = said !== accepted && said.kind !== 'refused';
      return said;
    },
    now: () => clock,
    pause: async (milliseconds: number) => {
      if (isAway) clock += milliseconds;
      await new Promise((resolve) => setImmediate(resolve));
    },
    chance: () => 1,
  };
  const sender = new SpoolSender(spool, 's', around, {
    waiting: (message) => told.push(`waiting: ${message}`),
    refused: (message) => told.push(`refused: ${message}`),
    forgotten: (batches) => told.push(`forgotten: ${batches}`),
  });
  await sender.finish(60_000);
  return { sender, told, numbers: attempts.map(({ number }) => number), attempts };
}

const accepted: Answer = { kind: 'ok', body: { outcome: 'accepted' } };
const away: Answer = { kind: 'unreachable', message: 'nothing listens there' };

async function spoolOf(...numbers: number[]): Promise<Spool> {
  const spool = await Spool.open(new MemoryDisk(), 's', 1e9);
  for (const number of numbers) await spool.append(spooledBatch('follow-a', number, { conversations: 1 }));
  return spool;
}

it('catches up in order, each batch until the server has it', async () => {
  const spool = await spoolOf(1, 2, 3);
  const run = await sending(spool, (_, attempt) => (attempt < 3 ? away : accepted));
  expect(run.numbers).toEqual([1, 1, 1, 2, 3]);
  expect([run.sender.sent, spool.batches]).toEqual([3, 0]);
  expect(run.told).toEqual(['waiting: nothing listens there', 'waiting: nothing listens there']);
});

it('keeps what a refusing server would not take, and says so once', async () => {
  const spool = await spoolOf(1, 2);
  const run = await sending(spool, () => ({ kind: 'refused', status: 401, message: 'Sign in first' }));
  expect(run.told).toEqual(['refused: Sign in first']);
  expect([run.sender.refusal, spool.batches]).toEqual(['Sign in first', 2]);
});

it('gives up when the server stays away for as long as it was told to wait, and keeps the rest', async () => {
  const spool = await spoolOf(1, 2);
  const run = await sending(spool, (batch) => (batch.number === 1 ? accepted : away));
  expect([run.sender.sent, spool.batches]).toEqual([1, 1]);
});

it('takes no word of a stranger between for an acknowledgement', async () => {
  const spool = await spoolOf(1);
  await sending(spool, () => ({ kind: 'ok', body: '<html>Sign in to the hotel’s network</html>' }));
  expect(spool.batches).toBe(1);
});

it('tells a server that was put back the numbers that it has forgotten, and goes on', async () => {
  const spool = await spoolOf(4, 5);
  let last = 1;
  const run = await sending(spool, ({ number }) => {
    const gap = { kind: 'refused', status: 409, message: 'gap', body: { expected: last + 1 } } as const;
    if (number > last + 1) return gap;
    last = Math.max(last, number);
    return accepted;
  });
  expect(run.numbers).toEqual([4, 2, 3, 4, 5]);
  expect(run.attempts[1]!.statistics.evicted).toEqual({ 'server-put-back': 1 });
  expect(run.told).toEqual(['forgotten: 2']);
  expect(spool.batches).toBe(0);
});
