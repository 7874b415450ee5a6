import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import pg from 'pg';
import type { ClusterLayout } from './layout.ts';
import { endProcess, stopOrphan } from './orphan.ts';
import { ADMIN_ROLE } from './peers.ts';
import type { SystemUser } from './system-user.ts';

/** What the database is told beyond its defaults. Statements never reach the log: they may carry names of devices. */
const settings: Readonly<Record<string, string>> = {
  listen_addresses: '',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  max_connections: '60',
  shared_buffers: '128MB',
  max_wal_size: '2GB',
  // Changes can be followed for backups; what is not read is kept up to a bound, so that the disk is not filled.
  wal_level: 'logical',
  max_slot_wal_keep_size: '16GB',
  checkpoint_timeout: '15min',
  maintenance_work_mem: '64MB',
  jit: 'off',
  random_page_cost: '1.1',
  log_min_error_statement: 'panic',
  log_min_messages: 'warning',
  timezone: 'UTC',
};

/** How often a database that dies is started again within one minute before it is given up. */
const RESTARTS_PER_MINUTE = 8;
const START_MILLISECONDS = 60_000;
/** How often a late orphan may take the folder first; more than one or two would have to be made on purpose. */
const START_ATTEMPTS = 5;
/** Old backends notice within a second that their postmaster has gone. */
const GIVE_WAY_MILLISECONDS = 250;

export interface PostmasterEvents {
  died: (reason: string) => void;
  restarted: () => void;
  givenUp: (reason: string) => void;
}

/** Keeps one PostgreSQL running on a private socket for as long as the server lives. */
export class Postmaster {
  readonly #binaries: string;
  readonly #layout: ClusterLayout;
  readonly #user: SystemUser | null;
  readonly #events: PostmasterEvents;
  #child: ChildProcess | null = null;
  #closing = false;
  #said: string[] = [];
  #deaths: number[] = [];

  constructor(binaries: string, layout: ClusterLayout, user: SystemUser | null, events: PostmasterEvents) {
    this.#binaries = binaries;
    this.#layout = layout;
    this.#user = user;
    this.#events = events;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /**
   * Starts the database and resolves when it takes connections; one that a killed server left is stopped first. A server
   * that was killed while it started its database leaves one that takes the folder only after we looked: then ours
   * gives way, that one is stopped (or has ended itself, finding old backends alive), and ours is started again.
   */
  async start(): Promise<void> {
    await stopOrphan(this.#layout.data);
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#startOnce();
      } catch (error) {
        if (attempt === START_ATTEMPTS || this.#closing) throw error;
        const stopped = await stopOrphan(this.#layout.data);
        if (!stopped) await new Promise((resolve) => setTimeout(resolve, GIVE_WAY_MILLISECONDS * attempt));
      }
    }
  }

  async #startOnce(): Promise<void> {
    const child = this.#spawn();
    this.#child = child;
    const ended = new Promise<never>((_, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`PostgreSQL ended with ${code}: ${this.#lastWords()}`)));
    });
    // Whoever still waits is told below; afterwards a death is the supervisor's business.
    ended.catch(() => {});
    await Promise.race([ended, waitUntilReady(this.#layout.socket)]);
    // What answered may have been a late orphan on the same socket while ours gave way to it.
    if (child.exitCode !== null) await ended;
    child.once('exit', () => void this.#onExit());
  }

  async stop(): Promise<void> {
    this.#closing = true;
    const pid = this.#child?.pid;
    if (pid !== undefined && this.#child?.exitCode === null) await endProcess(pid);
  }

  #spawn(): ChildProcess {
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const place = ['-D', this.#layout.data, '-k', this.#layout.socket];
    const child = spawn(join(this.#binaries, 'bin', 'postgres'), [...place, ...args], {
      ...(this.#user === null ? {} : { uid: this.#user.uid, gid: this.#user.gid }),
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      cwd: '/',
      // A session of its own: an interrupt at the terminal is for the server, which ends the database in order.
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#said = [...this.#said, ...chunk.toString().trim().split('\n')].slice(-12);
    });
    return child;
  }

  async #onExit(): Promise<void> {
    if (this.#closing) return;
    this.#events.died(this.#lastWords());
    const now = performance.now();
    this.#deaths = [...this.#deaths.filter((at) => now - at < 60_000), now];
    if (this.#deaths.length > RESTARTS_PER_MINUTE) return this.#events.givenUp(this.#lastWords());
    try {
      await this.start();
      this.#events.restarted();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 250 * this.#deaths.length));
      await this.#onExit();
    }
  }

  #lastWords(): string {
    return this.#said.slice(-4).join(' | ') || 'it said nothing';
  }
}

async function waitUntilReady(socket: string): Promise<void> {
  const until = performance.now() + START_MILLISECONDS;
  for (;;) {
    const client = new pg.Client({ host: socket, user: ADMIN_ROLE, database: 'postgres' });
    // A connection that breaks while the database still starts is expected.
    client.on('error', () => {});
    try {
      await client.connect();
      await client.end();
      return;
    } catch (cause) {
      await client.end().catch(() => {});
      if (performance.now() > until) throw new Error('PostgreSQL takes no connections', { cause });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
