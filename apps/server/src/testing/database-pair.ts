import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { appendFileSync, chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { reachableBinaries } from '../store/cluster/binaries.ts';
import { openCluster } from '../store/cluster/cluster.ts';
import { layOut } from '../store/cluster/layout.ts';
import { databaseUser } from '../store/cluster/system-user.ts';
import { until } from './running-server.ts';

const silent = { died: () => {}, restarted: () => {}, givenUp: () => {} };

/** Two real PostgreSQL: a primary, and a standby that has every commit before it is acknowledged. */
export class DatabasePair {
  readonly #root: string;
  readonly #user = databaseUser();
  #primary: ChildProcess | null = null;
  #standby: ChildProcess | null = null;

  constructor(root: string) {
    this.#root = root;
  }

  /** As the hospital would write it into `DATABASE_URL`. */
  get url(): string {
    const hosts = encodeURIComponent(`${this.#socket('one')},${this.#socket('two')}`);
    return `postgresql://wardline@/wardline?host=${hosts}&target_session_attrs=read-write`;
  }

  async start(): Promise<void> {
    const cluster = await openCluster(join(this.#root, 'one'), silent);
    await cluster.close();
    this.#primary = await this.#run('one');
    await this.#copy();
    this.#standby = await this.#run('two');
    const admin = await this.#admin('one');
    await until(
      async () =>
        (await admin.query("select 1 from pg_stat_replication where state = 'streaming'")).rows.length,
      (streaming) => streaming === 1,
    );
    await admin.query("alter system set synchronous_standby_names = '*'");
    await admin.query('select pg_reload_conf()');
    await admin.end();
  }

  /** As a power cut would. */
  killPrimary(): Promise<void> {
    return ended(this.#primary, 'SIGKILL');
  }

  async promoteStandby(): Promise<void> {
    const admin = await this.#admin('two');
    await admin.query("alter system set synchronous_standby_names = ''");
    await admin.query('select pg_promote()');
    await admin.end();
  }

  async close(): Promise<void> {
    await Promise.all([ended(this.#primary, 'SIGQUIT'), ended(this.#standby, 'SIGQUIT')]);
  }

  #socket(name: string): string {
    return join(this.#root, name, 'socket');
  }

  async #admin(name: string): Promise<pg.Client> {
    const given = { host: this.#socket(name), user: 'wardline_admin', database: 'postgres' };
    const client = new pg.Client(given);
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  async #run(name: string): Promise<ChildProcess> {
    const binaries = reachableBinaries(this.#user, join(this.#root, 'one'));
    const settings = {
      listen_addresses: '',
      unix_socket_directories: this.#socket(name),
      wal_level: 'logical',
      max_connections: '60',
    };
    const args = ['-D', join(this.#root, name, 'database')];
    for (const [key, value] of Object.entries(settings)) args.push('-c', `${key}=${value}`);
    const as = this.#user === null ? {} : { uid: this.#user.uid, gid: this.#user.gid };
    const child = spawn(join(binaries, 'bin/postgres'), args, { ...as, cwd: '/', stdio: 'ignore' });
    await until(
      async () => (await this.#admin(name).catch(() => null))?.end().then(() => true) ?? false,
      (isUp) => isUp || child.exitCode !== null,
    );
    return child;
  }

  /** A copy of a running primary, as `pg_basebackup` makes one. */
  async #copy(): Promise<void> {
    const [from, to] = [join(this.#root, 'one/database'), join(this.#root, 'two/database')];
    mkdirSync(join(this.#root, 'two'), { recursive: true });
    layOut(join(this.#root, 'two'), this.#user);
    rmSync(to, { recursive: true });
    const admin = await this.#admin('one');
    await admin.query("select pg_backup_start('standby', true)");
    execFileSync('cp', ['-a', from, to]);
    const { rows } = await admin.query<{ labelfile: string }>('select labelfile from pg_backup_stop()');
    await admin.end();
    rmSync(join(to, 'postmaster.pid'));
    const way = `host=${this.#socket('one')} user=wardline_admin`;
    appendFileSync(join(to, 'postgresql.auto.conf'), `primary_conninfo = '${way}'\n`);
    for (const [file, text] of [
      ['backup_label', rows[0]!.labelfile],
      ['standby.signal', ''],
    ] as const) {
      writeFileSync(join(to, file), text);
      if (this.#user !== null) chownSync(join(to, file), this.#user.uid, this.#user.gid);
    }
  }
}

async function ended(child: ChildProcess | null, signal: NodeJS.Signals): Promise<void> {
  if (child === null || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await gone;
}
