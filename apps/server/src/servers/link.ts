import { setTimeout as pause } from 'node:timers/promises';
import type { eventNames } from '@wardline/model';
import { sql } from 'kysely';
import pg from 'pg';
import type { Logger } from 'pino';
import type { Connection } from '../store/cluster/cluster.ts';
import type { Database } from '../store/database.ts';
import {
  ANSWER_MILLISECONDS,
  BEAT_MILLISECONDS,
  GATHER_MILLISECONDS,
  LINK_NAME,
  TURN_MILLISECONDS,
} from './limits.ts';
import { type Message, messageOf } from './message.ts';
import type { Turns } from './turns.ts';

const CHANNEL = 'wardline_servers';
/** Any number of its own; the second half of the lock is the name's. */
const LOCK_CLASS = 7_400_005;
/** The database notices a machine that is gone within a dozen seconds, and so gives its turns free. */
const KEEPALIVE =
  '-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 -c tcp_user_timeout=10000';

interface Needs {
  /** This server's own name. */
  id: string;
  connection: Connection;
  database: Database;
  log: Logger;
  /** Another server said so. */
  heard: (message: Message) => void;
  /** From now on what others say is missed. */
  deaf: () => void;
}

type EventName = (typeof eventNames)[number];

/**
 * The link between servers on one database: a connection of its own, on which it listens and holds its turns. Both end with
 * the connection, so a server that dies keeps nobody waiting.
 */
export class ServerLink implements Turns {
  readonly #needs: Needs;
  readonly #ending = new AbortController();
  #client: pg.Client | null = null;
  #running: Promise<void> | null = null;
  /** Turns of this server's own, by name: a session has its own locks twice. */
  readonly #queues = new Map<string, Promise<void>>();
  #asking: Promise<unknown> = Promise.resolve();
  readonly #changed = new Set<EventName>();
  #gathering: NodeJS.Timeout | null = null;

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  /** Resolves when it listens for the first time. @throws where the database cannot be asked */
  async start(): Promise<void> {
    const client = await this.#connect();
    this.#running = this.#follow(client);
  }

  /** Nobody waits for a turn any more; what runs may end. */
  stopWaiting(): void {
    this.#ending.abort();
  }

  async close(): Promise<void> {
    this.#ending.abort();
    if (this.#gathering !== null) clearTimeout(this.#gathering);
    await this.#client?.end().catch(() => {});
    await this.#running;
  }

  /** Lists that have changed, told to consoles at other servers soon. */
  changed(names: readonly EventName[]): void {
    for (const name of names) this.#changed.add(name);
    this.#gathering ??= setTimeout(() => {
      this.#gathering = null;
      const changed = [...this.#changed];
      this.#changed.clear();
      this.#tell({ from: this.#needs.id, changed });
    }, GATHER_MILLISECONDS).unref();
  }

  leave(actor: string): void {
    this.#tell({ from: this.#needs.id, leave: actor });
  }

  async take(name: string, work: () => Promise<void>): Promise<void> {
    const before = this.#queues.get(name) ?? Promise.resolve();
    const turn = before.then(() => this.#takeTurn(name, work));
    this.#queues.set(
      name,
      turn.catch(() => {}),
    );
    return turn;
  }

  async #takeTurn(name: string, work: () => Promise<void>): Promise<void> {
    const holder = await this.#lock(name);
    if (holder === null) return;
    try {
      await work();
    } finally {
      // A connection that is gone has given it free.
      await this.#ask(holder, 'pg_advisory_unlock', name).catch(() => {});
    }
  }

  /** The connection that holds it; null where the server closes. */
  async #lock(name: string): Promise<pg.Client | null> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      const client = this.#client;
      const isMine =
        client !== null && (await this.#ask(client, 'pg_try_advisory_lock', name).catch(() => false));
      if (isMine) return client;
      await pause(TURN_MILLISECONDS, null, { signal }).catch(() => null);
    }
    return null;
  }

  /** One question at a time. */
  #ask(client: pg.Client, what: string, name: string): Promise<boolean> {
    const asked = this.#asking.then(async () => {
      const text = `select ${what}($1, hashtext($2)) as done`;
      return (await client.query<{ done: boolean }>(text, [LOCK_CLASS, name])).rows[0]!.done;
    });
    this.#asking = asked.catch(() => {});
    return asked;
  }

  #tell(message: Message): void {
    const payload = JSON.stringify(message);
    sql`select pg_notify(${CHANNEL}, ${payload})`
      .execute(this.#needs.database)
      .catch((err: unknown) => this.#needs.log.warn({ err }, 'other servers were not told of a change'));
  }

  /** Keeps a connection, anew where one breaks. */
  async #follow(first: pg.Client): Promise<void> {
    const { log, deaf } = this.#needs;
    for (let client: pg.Client | null = first; !this.#ending.signal.aborted; ) {
      if (client !== null) {
        await this.#untilBroken(client);
        this.#client = null;
        await client.end().catch(() => {});
        if (this.#ending.signal.aborted) return;
        log.warn('the link to other servers broke; it is made anew');
        deaf();
      }
      client = await this.#connect().catch(() => null);
      if (client === null)
        await pause(TURN_MILLISECONDS, null, { signal: this.#ending.signal }).catch(() => null);
    }
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({
      keepAlive: true,
      options: KEEPALIVE,
      query_timeout: ANSWER_MILLISECONDS,
      connectionTimeoutMillis: ANSWER_MILLISECONDS,
      ...this.#needs.connection,
    });
    // Unheard it would end the process; that it broke is noticed at the next beat.
    client.on('error', () => {});
    client.on('notification', ({ payload }) => {
      const message = messageOf(payload ?? '');
      if (message !== null && message.from !== this.#needs.id) this.#needs.heard(message);
    });
    await client.connect();
    // Set again: an address of the database may name another, and by this name others know that this server lives.
    await client.query("select set_config('application_name', $1, false)", [`${LINK_NAME}${this.#needs.id}`]);
    await client.query(`listen ${CHANNEL}`);
    this.#client = client;
    return client;
  }

  async #untilBroken(client: pg.Client): Promise<void> {
    const over = new AbortController();
    client.once('end', () => over.abort());
    const either = AbortSignal.any([over.signal, this.#ending.signal]);
    while (!either.aborted) {
      await pause(BEAT_MILLISECONDS, null, { signal: either }).catch(() => null);
      if (either.aborted) return;
      const answered = this.#asking
        .then(() => client.query('select 1'))
        .then(
          () => true,
          () => false,
        );
      this.#asking = answered;
      if (!(await answered)) return;
    }
  }
}
