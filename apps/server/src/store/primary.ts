import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Connection } from './cluster/cluster.ts';

/** How often the primary is asked whether it still is one, and how long it may think about it. */
const BEAT_MS = 1000;
const ANSWER_MS = 3000;
/** How long a start waits for one of the machines to be the primary. */
const START_MS = 30_000;

/**
 * The addresses of a database that one of several machines serves at a time: hosts parted by commas, in the place of the host or in
 * `host=` (as libpq has them). One address for the usual kind.
 */
export function addressesOf(url: string): string[] {
  const parts = /^(postgres(?:ql)?:\/\/(?:[^@/]*@)?)([^/?]*)([^?]*)(\?.*)?$/.exec(url);
  if (parts === null) return [url];
  const [, head = '', hosts = '', path = '', asked = ''] = parts;
  const settings = new URLSearchParams(asked);
  settings.delete('target_session_attrs');
  const sockets = settings.get('host')?.split(',') ?? [];
  const address = (host: string, socket: string | null) => {
    const own = new URLSearchParams(settings);
    if (socket !== null) own.set('host', socket);
    const text = own.size === 0 ? '' : `?${own.toString()}`;
    return `${head}${host}${path}${text}`;
  };
  if (sockets.length > 1) return sockets.map((socket) => address(hosts, socket));
  return hosts.split(',').map((host) => address(host, null));
}

/** How to reach the database of a setting; the addresses stand beside where there are several. */
export function connectionOf(url: string): Connection {
  const addresses = addressesOf(url);
  const [connectionString = url] = addresses;
  return addresses.length > 1 ? { connectionString, addresses } : { connectionString };
}

/** @throws Error where none of them is the primary in time */
export async function findPrimary(connection: Connection): Promise<void> {
  const { addresses = [] } = connection;
  if (addresses.length === 0) return;
  const since = performance.now();
  while (performance.now() - since < START_MS) {
    if (await point(connection, addresses)) return;
    await pause(BEAT_MS);
  }
  throw new Error(
    `none of the ${addresses.length} databases of DATABASE_URL is a primary that takes connections`,
  );
}

/** Points the connection at the first that is a primary. */
async function point(connection: Connection, addresses: readonly string[]): Promise<boolean> {
  for (const address of addresses) {
    if (!(await isPrimary(address))) continue;
    connection.connectionString = address;
    return true;
  }
  return false;
}

async function isPrimary(address: string): Promise<boolean> {
  const client = monitorOf(address);
  try {
    await client.connect();
    return await asPrimary(client);
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

function monitorOf(connectionString: string): pg.Client {
  const client = new pg.Client({
    connectionString,
    application_name: 'wardline monitor',
    connectionTimeoutMillis: ANSWER_MS,
    query_timeout: ANSWER_MS,
  });
  // Unheard it would end the process; the next question finds it broken.
  client.on('error', () => {});
  return client;
}

async function asPrimary(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ standby: boolean }>('select pg_is_in_recovery() as standby');
  return rows[0]?.standby === false;
}

/** Connections to whichever machine is the primary; those to one that no longer is are cut. */
export class FollowingPool extends pg.Pool {
  readonly #connection: Connection;
  readonly #open: Set<pg.Client>;
  readonly #ending = new AbortController();
  readonly #watching: Promise<void>;

  constructor(config: pg.PoolConfig, connection: Connection) {
    const open = new Set<pg.Client>();
    class FollowingClient extends pg.Client {
      constructor(given?: pg.ClientConfig) {
        super({ ...given, connectionString: connection.connectionString });
        open.add(this);
        this.once('end', () => open.delete(this));
      }
    }
    super({ ...config, Client: FollowingClient as never });
    this.#connection = connection;
    this.#open = open;
    this.#watching = this.#watch();
  }

  override async end(): Promise<void> {
    this.#ending.abort();
    await this.#watching;
    await super.end();
  }

  async #watch(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      const before = this.#connection.connectionString!;
      await this.#whilePrimary(before);
      if (signal.aborted) return;
      await point(this.#connection, this.#connection.addresses ?? []);
      if (this.#connection.connectionString !== before) this.#cut();
      else await pause(BEAT_MS, undefined, { signal }).catch(() => {});
    }
  }

  async #whilePrimary(address: string): Promise<void> {
    const { signal } = this.#ending;
    const client = monitorOf(address);
    try {
      await client.connect();
      while (!signal.aborted && (await asPrimary(client)))
        await pause(BEAT_MS, undefined, { signal }).catch(() => {});
    } catch {
      // Away, or silent for too long.
    } finally {
      await client.end().catch(() => {});
    }
  }

  /** A machine that vanished ends none of its connections by itself: whoever waits on one would wait for long. */
  #cut(): void {
    for (const client of this.#open)
      (client as unknown as { connection: { stream: { destroy: () => void } } }).connection.stream.destroy();
  }
}
