import { setTimeout as pause } from 'node:timers/promises';
import {
  type AuditedAct,
  type AuditSource,
  auditMessageOf,
  checkpointMessageOf,
  syslogFrame,
} from '@wardline/formats';
import type { Logger } from 'pino';
import type { AuditCollector } from '../../config/audit-collector.ts';
import { SyslogConnection } from '../../outgoing/index.ts';
import { alone, type Turns } from '../../servers/index.ts';
import type { Database } from '../../store/database.ts';
import { auditedActs } from '../audit/acts.ts';
import type { Heads } from '../head.ts';
import { ledgerSize } from '../nodes.ts';
import { lastSent, remember, resume } from './cursor.ts';

export interface Pace {
  /** How often new acts are looked for. */
  poll: number;
  /** How often a signed head is sent, so that a receiver knows how many acts there must be. */
  heads: number;
  /** How soon a broken connection is tried again, and how late at the most. */
  retry: readonly [first: number, longest: number];
}

/** In milliseconds. */
export const usualPace: Pace = { poll: 2000, heads: 60_000, retry: [1000, 60_000] };

export interface DeliveryState {
  collector: string;
  connected: boolean;
  sent: number;
  /** Why the last connection broke; null while all is well. */
  trouble: string | null;
}

interface Needs {
  database: Database;
  heads: Heads;
  source: AuditSource;
  log: Logger;
  /** Microseconds since the epoch. */
  now: () => number;
  /** One server at a time delivers. */
  turns?: Turns;
}

/** Sends every act to a collector, in order, at least once, for as long as the server runs. */
export class Delivery {
  readonly #needs: Needs;
  readonly #collector: AuditCollector;
  readonly #pace: Pace;
  readonly #name: string;
  readonly #ending = new AbortController();
  #running: Promise<void> | null = null;
  /** False while another server delivers. */
  #isOurs = true;
  #connected = false;
  #sent = 0;
  #trouble: string | null = null;
  /** The last head that was sent on this connection, and when. */
  #head = { size: -1, at: 0 };

  constructor(needs: Needs, collector: AuditCollector, pace: Pace = usualPace) {
    this.#needs = needs;
    this.#collector = collector;
    this.#pace = pace;
    this.#name = `${collector.host}:${collector.port}`;
  }

  async state(): Promise<DeliveryState> {
    if (!this.#isOurs)
      return {
        collector: this.#name,
        connected: false,
        sent: await lastSent(this.#needs.database, this.#name),
        trouble: 'another server on this database sends them, and tells how that goes',
      };
    return { collector: this.#name, connected: this.#connected, sent: this.#sent, trouble: this.#trouble };
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const [first, longest] = this.#pace.retry;
    const { turns = alone } = this.#needs;
    for (let wait = first; !this.#ending.signal.aborted; wait = Math.min(wait * 2, longest)) {
      const before = this.#sent;
      try {
        this.#isOurs = turns === alone;
        await turns.take(`collector ${this.#name}`, () => this.#deliver());
      } catch (error) {
        this.#trouble = (error as Error).message;
        this.#needs.log.warn(
          { collector: this.#name, reason: this.#trouble },
          'acts do not reach the collector',
        );
      }
      this.#connected = false;
      if (this.#sent > before) wait = first;
      await rest(wait, this.#ending.signal);
    }
  }

  /** One connection, until it breaks or the server ends. */
  async #deliver(): Promise<void> {
    const { database } = this.#needs;
    this.#isOurs = true;
    const connection = await SyslogConnection.open(this.#collector);
    try {
      this.#sent = await resume(database, this.#name);
      [this.#connected, this.#trouble] = [true, null];
      this.#head = { size: -1, at: 0 };
      const over = AbortSignal.any([this.#ending.signal, connection.over]);
      for (; !this.#ending.signal.aborted; connection.check()) {
        await this.#sendActs(connection);
        await this.#sendHead(connection);
        await rest(this.#pace.poll, over);
      }
      await remember(database, this.#name, this.#sent, await connection.end());
    } finally {
      connection.destroy();
    }
  }

  async #sendActs(connection: SyslogConnection): Promise<void> {
    const { database } = this.#needs;
    const range = { after: this.#sent, upTo: await ledgerSize(database), personal: false };
    for await (const acts of auditedActs(database, range)) {
      await connection.send(Buffer.concat(acts.map((act) => this.#frame(act))));
      this.#sent = acts.at(-1)!.sequence;
      await remember(database, this.#name, this.#sent, false);
      if (this.#ending.signal.aborted) return;
    }
  }

  #frame(act: AuditedAct): Buffer {
    const { source } = this.#needs;
    return syslogFrame(
      { at: act.at, host: source.host, sequence: act.sequence },
      auditMessageOf(act, source),
    );
  }

  /** Now and then; a head that must not be signed is told elsewhere, and acts go on being sent. */
  async #sendHead(connection: SyslogConnection): Promise<void> {
    const { heads, now, source } = this.#needs;
    if (now() - this.#head.at < this.#pace.heads * 1000 || this.#head.size === this.#sent) return;
    const head = await heads.current().catch(() => null);
    if (head === null) return;
    const message = checkpointMessageOf(head.note, head.size, now(), source);
    await connection.send(syslogFrame({ at: now(), host: source.host, sequence: null }, message));
    this.#head = { size: head.size, at: now() };
  }
}

/** Ends early where the signal comes. */
const rest = (milliseconds: number, signal: AbortSignal): Promise<unknown> =>
  pause(milliseconds, null, { signal }).catch(() => null);
