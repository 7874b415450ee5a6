import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { SensorBatch } from '@wardline/model';
import { z } from 'zod';
import type { Answer } from '../api/client.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';

const compress = promisify(gzip);
const acceptedSchema = z.object({ outcome: z.enum(['accepted', 'duplicate']) });
const positionSchema = z.object({ lastNumber: z.int().min(0) });

/** First pause after a failure; it doubles up to the longest. */
export const FIRST_PAUSE_MS = 250;
export const LONGEST_PAUSE_MS = 15_000;

/** How batches get to the server: straight, or by a spool. */
export interface Handover {
  readonly sent: number;
  readonly known: number;
  lastNumber(sensor: string, stream: string): Promise<number>;
  send(batch: SensorBatch): Promise<void>;
}

/** A batch on its way: what it is called, and its JSON, compressed. */
export interface Parcel {
  stream: string;
  number: number;
  body: Uint8Array<ArrayBuffer>;
}

/** What the network and the clock do for a delivery; a test gives its own. */
export interface Surroundings {
  ask: (path: string, init?: RequestInit) => Promise<Answer>;
  /** Brings a batch to where it is kept for good: the server's intake, or a broker that keeps it until then. */
  hand: (parcel: Parcel, signal?: AbortSignal) => Promise<Answer>;
  /** Milliseconds of a clock that only goes forward. */
  now: () => number;
  /** Shorter where the signal says so. */
  pause: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** 0 to 1, so that many sensors do not come back at the same moment. */
  chance: () => number;
  onWaiting?: (message: string, milliseconds: number) => void;
}

/**
 * Hands numbered batches to the server's intake, each once: a batch that may not have arrived is sent again, and the
 * server knows it by its number. Waits out failures of network and server for as long as `patienceMs`.
 */
export class Delivery implements Handover {
  readonly #around: Surroundings;
  readonly #patienceMs: number;
  sent = 0;
  /** Were there already, from an earlier run or an earlier attempt. */
  known = 0;

  constructor(around: Surroundings, patienceMs: number) {
    this.#around = around;
    this.#patienceMs = patienceMs;
  }

  /** The number of the stream's last batch that the server has; 0 for none. */
  async lastNumber(sensor: string, stream: string): Promise<number> {
    const path = positionPath(sensor, stream);
    return positionOf(await this.#persist(() => this.#around.ask(path), [404])) ?? 0;
  }

  async send(batch: SensorBatch): Promise<void> {
    const { stream, number } = batch;
    const body = await compress(JSON.stringify(batch));
    const answer = await this.#persist(() => this.#around.hand({ stream, number, body }));
    const outcome = outcomeOf(answer);
    if (outcome === null)
      throw new CommandError('the server did not say whether it took the batch', exitCodes.failed);
    if (outcome === 'accepted') this.sent++;
    else this.known++;
  }

  async #persist(attempt: () => Promise<Answer>, fine: readonly number[] = []): Promise<Answer> {
    const since = this.#around.now();
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const answer = await attempt();
      if (answer.kind === 'ok' || (answer.kind === 'refused' && fine.includes(answer.status))) return answer;
      if (answer.kind === 'refused' && !isPassing(answer.status))
        throw new CommandError(`the server refused: ${answer.message}`, exitCodes.failed);
      if (this.#around.now() - since > this.#patienceMs)
        throw new CommandError(
          `gave up after ${Math.round(this.#patienceMs / 1000)} s: ${answer.message}. Run the same command again: it goes on where it stopped`,
          exitCodes.failed,
        );
      const milliseconds = pause * (0.5 + this.#around.chance() / 2);
      this.#around.onWaiting?.(answer.message, milliseconds);
      await this.#around.pause(milliseconds);
    }
  }
}

/** Hands batches straight to the server's intake. */
export function overHttp(ask: Surroundings['ask']): Surroundings['hand'] {
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  return ({ body }, signal) =>
    ask('api/v1/intake/batches', { method: 'POST', headers, body, ...(signal && { signal }) });
}

/** Statuses that pass by themselves; anything else would be refused again. */
export function isPassing(status: number): boolean {
  return status >= 500 || status === 408 || status === 425 || status === 429;
}

/** What became of a batch; null where the answer does not say that the server has it. */
export function outcomeOf(answer: Answer): 'accepted' | 'duplicate' | null {
  const reply = acceptedSchema.safeParse(answer.kind === 'ok' ? answer.body : null);
  return reply.success ? reply.data.outcome : null;
}

/** The number that the server has; null where it does not say. */
export const positionOf = (answer: Answer): number | null => {
  const position = positionSchema.safeParse(answer.kind === 'ok' ? answer.body : null);
  return position.success ? position.data.lastNumber : null;
};

export const positionPath = (sensor: string, stream: string): string =>
  `api/v1/intake/streams/${encodeURIComponent(sensor)}/${encodeURIComponent(stream)}`;
