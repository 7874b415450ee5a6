import type { Context } from '../../context.ts';
import { Rounds } from '../../jobs/rounds.ts';
import { foldDue } from './fold.ts';
import { REST, ROUND_MS } from './limits.ts';
import { reportAssets } from './reports.ts';

/** Keeps what is told of the use of devices in step with what was heard, in the background. */
export class UsageRounds extends Rounds {
  readonly #keeper: Keeper;

  constructor(context: Context) {
    const keeper = new Keeper(context, () => this.soon());
    super({
      name: 'use of devices',
      turns: context.turns,
      every: ROUND_MS,
      run: () => keeper.run(),
      failed: (error) => context.log.warn({ err: error }, 'the use of devices was not worked out'),
    });
    this.#keeper = keeper;
  }

  override async close(): Promise<void> {
    this.#keeper.close();
    await super.close();
  }
}

/** Telling of all assets rests after each time as a multiple of what it took, so that a busy intake is not slowed by it. */
class Keeper {
  readonly #context: Context;
  readonly #again: () => void;
  /** Endpoints that were folded and not yet told of. */
  #changed = new Set<number>();
  #restUntil = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(context: Context, again: () => void) {
    this.#context = context;
    this.#again = again;
  }

  async run(): Promise<void> {
    const { database, now } = this.#context;
    for (const endpoint of await foldDue(database, now())) this.#changed.add(endpoint);
    const rest = this.#restUntil - performance.now();
    if (rest <= 0) await this.#tell();
    else this.#timer ??= setTimeout(() => this.#awake(), rest).unref();
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #awake(): void {
    this.#timer = null;
    this.#again();
  }

  async #tell(): Promise<void> {
    const { database, now, events, log } = this.#context;
    const start = performance.now();
    const told = await reportAssets(database, this.#changed, now());
    this.#changed = new Set();
    this.#restUntil = performance.now() + (performance.now() - start) * REST;
    if (told > 0) events.emit('usage');
    log.debug({ assets: told }, 'use of devices worked out');
  }
}
