import { realpathSync } from 'node:fs';
import pg from 'pg';
import { reachableBinaries } from './binaries.ts';
import { initialise } from './initialise.ts';
import { type ClusterLayout, layOut } from './layout.ts';
import { ADMIN_ROLE, admitPeers, ROLE } from './peers.ts';
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

/** Brings up the embedded PostgreSQL below `dataDir`, making it at the first start. */
export async function openCluster(dataDir: string, events: PostmasterEvents): Promise<Cluster> {
  const user = databaseUser();
  const layout = layOut(dataDir, user);
  const binaries = reachableBinaries(user, realpathSync(dataDir));
  await initialise(binaries, layout, user);
  admitPeers(layout, user);
  const postmaster = new Postmaster(binaries, layout, user, events);
  await postmaster.start();
  await createDatabase(layout);
  return {
    connection: { host: layout.socket, user: ROLE, database: ROLE },
    pid: () => postmaster.pid,
    close: () => postmaster.stop(),
  };
}

async function createDatabase(layout: ClusterLayout): Promise<void> {
  const admin = new pg.Client({ host: layout.socket, user: ADMIN_ROLE, database: 'postgres' });
  await admin.connect();
  try {
    const roles = await admin.query('select 1 from pg_roles where rolname = $1', [ROLE]);
    if (roles.rowCount === 0) await admin.query(`create role ${ROLE} login nosuperuser nocreaterole`);
    // Those of a folder that was made before had one.
    for (const role of [ROLE, ADMIN_ROLE]) await admin.query(`alter role ${role} password null`);
    // So that changes can be followed for backups.
    await admin.query(`alter role ${ROLE} replication`);
    const databases = await admin.query('select 1 from pg_database where datname = $1', [ROLE]);
    if (databases.rowCount === 0) await admin.query(`create database ${ROLE} owner ${ROLE}`);
  } finally {
    await admin.end();
  }
}
