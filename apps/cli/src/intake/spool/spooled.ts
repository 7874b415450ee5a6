import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { SensorBatch } from '@wardline/model';
import { explainSystemError } from '../../assessment/captures.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { byteSize, counted } from '../../terminal/units.ts';
import { type Handover, positionOf, positionPath, type Surroundings } from '../deliver.ts';
import { folderDisk } from './disk.ts';
import { holdFolder } from './holder.ts';
import { SpoolSender } from './sender.ts';
import { Spool } from './spool.ts';

/** How long a sensor that is asked to stop goes on handing over; the rest keeps. */
const STOP_MS = 10_000;

/** Where one sensor's spool lies below a folder for all. */
export function spoolFolder(root: string, sensor: string): string {
  const name = sensor.replaceAll(/[^A-Za-z0-9.-]/g, '-').slice(0, 60);
  return join(root, `${name}-${createHash('sha256').update(sensor).digest('hex').slice(0, 8)}`);
}

interface SpooledOptions {
  folder: string;
  sensor: string;
  limitBytes: number;
  patienceMs: number;
  /** A line of its own. */
  say: (line: string) => void;
  /** What goes on, as often as one likes. */
  step: (text: string) => void;
  server: string;
}

/** Hands batches to a spool, and what the spool holds to the server: reading never waits for the network. */
export class SpooledDelivery implements Handover {
  readonly #spool: Spool;
  readonly #sender: SpoolSender;
  readonly #around: Surroundings;
  readonly #options: SpooledOptions;
  readonly #release: () => Promise<void>;
  #held = 0;

  private constructor(
    spool: Spool,
    around: Surroundings,
    options: SpooledOptions,
    release: () => Promise<void>,
  ) {
    this.#spool = spool;
    this.#around = around;
    this.#options = options;
    this.#release = release;
    this.#sender = new SpoolSender(spool, options.sensor, around, {
      waiting: (message) => options.step(`waiting for ${options.server}: ${message}; ${this.waiting}`),
      refused: (message) =>
        options.say(`${options.server} refuses: ${message}; what is seen is kept in the spool`),
      forgotten: (batches) =>
        options.say(
          `${options.server} was put back to an earlier moment: ${counted(batches, 'batch', 'batches')} that it had are lost`,
        ),
    });
  }

  /** @throws CommandError where the folder cannot be used, or another sensor uses it */
  static async open(around: Surroundings, options: SpooledOptions): Promise<SpooledDelivery> {
    const { folder, sensor, limitBytes } = options;
    try {
      const disk = await folderDisk(folder);
      const release = await holdFolder(folder);
      const spool = await Spool.open(disk, sensor, limitBytes);
      const delivery = new SpooledDelivery(spool, around, options, release);
      delivery.#sayWhatWasThere();
      return delivery;
    } catch (error) {
      if (error instanceof CommandError) throw error;
      throw new CommandError(
        `the spool ${folder} ${explainSystemError(error)}; name another with --spool, or none with --no-spool`,
        exitCodes.failed,
      );
    }
  }

  get sent(): number {
    return this.#sender.sent;
  }

  get known(): number {
    return this.#held + this.#sender.known;
  }

  /** "12 batches (3 MB) in the spool" */
  get waiting(): string {
    const { batches, bytes } = this.#spool;
    return `${counted(batches, 'batch', 'batches')} (${byteSize(bytes)}) in the spool`;
  }

  /** Asked once: a server that is away knows what it has when the batches come. */
  async lastNumber(sensor: string, stream: string): Promise<number> {
    return positionOf(await this.#around.ask(positionPath(sensor, stream))) ?? 0;
  }

  async send(batch: SensorBatch): Promise<void> {
    if (this.#spool.holds(batch.stream, batch.number)) this.#held++;
    else await this.#spool.append(batch);
  }

  /**
   * Hands over what is left, for as long as patience lasts, and less where the sensor is asked to stop. What is left then
   * stays for the next start.
   * @throws CommandError where the server refuses, or stayed away from a stream that has ended by itself
   */
  async finish(isStopped: boolean): Promise<void> {
    await this.#sender.finish(this.#options.patienceMs, isStopped ? STOP_MS : undefined);
    await this.#release();
    this.#sayLosses();
    if (this.#spool.batches === 0) return;
    const left = `${this.waiting}. They are handed over when this sensor is started again`;
    const { refusal } = this.#sender;
    if (refusal !== null) throw new CommandError(`the server refused: ${refusal}; ${left}`, exitCodes.failed);
    if (isStopped) this.#options.say(left);
    else {
      const seconds = Math.round(this.#options.patienceMs / 1000);
      throw new CommandError(`gave up after ${seconds} s; ${left}`, exitCodes.failed);
    }
  }

  #sayWhatWasThere(): void {
    const { torn, closed } = this.#spool.losses;
    if (this.#spool.batches > closed) this.#options.say(`left by an earlier run: ${this.waiting}`);
    if (torn > 0)
      this.#options.say(`${counted(torn, 'batch', 'batches')} half written when the sensor died: cut off`);
  }

  #sayLosses(): void {
    const { conversations, sightings, damaged } = this.#spool.losses;
    if (conversations + sightings > 0)
      this.#options.say(
        `the spool was full: ${counted(conversations, 'conversation')} and ${counted(sightings, 'sighting')} were given up, oldest first`,
      );
    if (damaged > 0)
      this.#options.say(
        `${counted(damaged, 'batch', 'batches')} in the spool were damaged and handed over empty`,
      );
  }
}
