import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import type { Connection } from './cluster/cluster.ts';
import { FollowingPool } from './primary.ts';
import type { Tables } from './tables.ts';

export type Database = Kysely<Tables>;
/** A transaction, or the database itself where one statement is enough. */
export type Executor = Kysely<Tables> | Transaction<Tables>;

// Times are microseconds and counters are bytes: both stay below 2^53 (see `Micros`), so that numbers are exact.
const BIGINT = 20;
const NUMERIC = 1700;

/** `onError` hears of connections that broke while nobody used them. */
export function openDatabase(connection: Connection, onError: (error: Error) => void): Database {
  const types = new pg.TypeOverrides();
  types.setTypeParser(BIGINT, Number);
  types.setTypeParser(NUMERIC, Number);
  const settings = { max: 12, types, application_name: 'wardline', ...connection };
  const pool = connection.addresses ? new FollowingPool(settings, connection) : new pg.Pool(settings);
  pool.on('error', onError);
  // One that breaks while it is in use says so too, besides failing its query; unheard it would end the process.
  pool.on('connect', (client) => client.on('error', onError));
  const database = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  pools.set(database, pool);
  return database;
}

const pools = new WeakMap<Database, pg.Pool>();

/** How many connections there are, how many of them nobody uses, and how many requests wait for one. */
export function poolOf(database: Database): { total: number; idle: number; waiting: number } {
  const pool = pools.get(database);
  return { total: pool?.totalCount ?? 0, idle: pool?.idleCount ?? 0, waiting: pool?.waitingCount ?? 0 };
}
