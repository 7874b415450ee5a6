import { realpathSync } from 'node:fs';
import pg from 'pg';
import { reachableBinaries } from './binaries.ts';
import { databasePassword, initialise } from './initialise.ts';
import { type ClusterLayout, layOut } from './layout.ts';
import { Postmaster, type PostmasterEvents } from './postmaster.ts';
import { databaseUser } from './system-user.ts';

/** How to reach a database. */
export type Connection = pg.PoolConfig & {
  /** Of the machines of which one is the primary, where there are several; `connectionString` is that one's. */
  addresses?: readonly string[];
};

export interface Cluster {
  connection: Connection;
  pid: () => number | null;
  close: () => Promise<void>;
}

/** The database's own role owns its database and is no superuser. */
const ROLE = 'wardline';

/** Brings up the embedded PostgreSQL below `dataDir`, making it at the first start. */
export async function openCluster(dataDir: string, events: PostmasterEvents): Promise<Cluster> {
  const user = databaseUser();
  const layout = layOut(dataDir, user);
  const binaries = reachableBinaries(user, realpathSync(dataDir));
  await initialise(binaries, layout, user);
  const password = databasePassword(layout.passwordFile);
  const postmaster = new Postmaster(binaries, layout, user, events);
  await postmaster.start(password);
  await createDatabase(layout, password);
  return {
    connection: { host: layout.socket, user: ROLE, password, database: ROLE },
    pid: () => postmaster.pid,
    close: () => postmaster.stop(),
  };
}

async function createDatabase(layout: ClusterLayout, password: string): Promise<void> {
  const admin = new pg.Client({
    host: layout.socket,
    user: 'wardline_admin',
    password,
    database: 'postgres',
  });
  await admin.connect();
  try {
    const secret = admin.escapeLiteral(password);
    const roles = await admin.query('select 1 from pg_roles where rolname = $1', [ROLE]);
    if (roles.rowCount === 0)
      await admin.query(`create role ${ROLE} login nosuperuser nocreaterole password ${secret}`);
    // So that changes can be followed for backups.
    await admin.query(`alter role ${ROLE} replication`);
    const databases = await admin.query('select 1 from pg_database where datname = $1', [ROLE]);
    if (databases.rowCount === 0) await admin.query(`create database ${ROLE} owner ${ROLE}`);
  } finally {
    await admin.end();
  }
}
