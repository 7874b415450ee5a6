import { existsSync, readdirSync, rmSync } from 'node:fs';
import pg from 'pg';
import { prepareDataDir } from '../config/data-dir.ts';
import { encryptedUrl } from '../config/database-url.ts';
import { type Connection, openCluster } from '../store/cluster/cluster.ts';
import { layOut } from '../store/cluster/layout.ts';
import { databaseUser } from '../store/cluster/system-user.ts';
import { connectionOf, findPrimary } from '../store/primary.ts';
import { BackupFault } from './frames.ts';

export interface RestoreInto {
  /** A folder that is empty or not there. */
  dataDir: string;
  /** An empty database of the hospital's own, as `DATABASE_URL` names it; without one the folder gets a database. */
  databaseUrl?: string | undefined;
}

/** Gives the work a database to fill, and leaves nothing where it cannot be done. @throws BackupFault */
export async function intoPlace<T>(
  into: RestoreInto,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const { dataDir, databaseUrl } = into;
  // What is removed where it fails has to be what was made here.
  const isThere = existsSync(dataDir);
  if (isThere && readdirSync(dataDir).length > 0)
    throw new BackupFault(`${dataDir} is not empty; name an empty folder, or one that is not there`);
  let place: Place | null = null;
  try {
    place = await (databaseUrl === undefined ? ownDatabase(dataDir) : givenDatabase(dataDir, databaseUrl));
    return await work(place.connection);
  } catch (error) {
    await place?.undo();
    if (isThere)
      for (const name of readdirSync(dataDir)) rmSync(`${dataDir}/${name}`, { recursive: true, force: true });
    else rmSync(dataDir, { recursive: true, force: true });
    throw error;
  } finally {
    await place?.close();
  }
}

interface Place {
  connection: Connection;
  /** Before the folder is removed. */
  undo: () => Promise<void>;
  close: () => Promise<void>;
}

async function ownDatabase(dataDir: string): Promise<Place> {
  const user = databaseUser();
  prepareDataDir(dataDir, user);
  layOut(dataDir, user);
  const cluster = await openCluster(dataDir, { died: () => {}, restarted: () => {}, givenUp: () => {} });
  let isOpen = true;
  const close = async () => {
    if (isOpen) await cluster.close();
    isOpen = false;
  };
  return { connection: cluster.connection, undo: close, close };
}

async function givenDatabase(dataDir: string, url: string): Promise<Place> {
  const connection = connectionOf(encrypted(url));
  await findPrimary(connection);
  const found = await asked(connection, TABLES);
  if (found.length > 0)
    throw new BackupFault(`the database holds ${found.length} tables already; name an empty one`);
  prepareDataDir(dataDir, null);
  return {
    connection,
    undo: async () => {
      await asked(connection, EMPTY);
    },
    close: async () => {},
  };
}

/** @throws BackupFault where it would go in clear over the network */
function encrypted(url: string): string {
  try {
    return encryptedUrl(url) ?? '';
  } catch (error) {
    throw new BackupFault((error as Error).message);
  }
}

async function asked(connection: Connection, statement: string): Promise<unknown[]> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

const TABLES = `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`;

/** What was made in a database that held no table: tables with all that belongs to them, and functions; no extension and what is its. */
const EMPTY = `do $$
  declare one record;
  begin
    for one in ${TABLES} loop
      execute format('drop table if exists public.%I cascade', one.relname);
    end loop;
    for one in select p.oid::regprocedure as name from pg_proc p where pronamespace = 'public'::regnamespace
      and not exists (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e') loop
      execute format('drop routine if exists %s cascade', one.name);
    end loop;
  end $$`;
