import { sql } from 'kysely';
import type { Database } from './database.ts';
import { migrations } from './migrations/index.ts';

/** Any number of its own: two servers on one database migrate one after the other. */
const LOCK = 7_400_001;

export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/** Brings the schema forward, each step in a transaction of its own (or only the named ones); returns the names of the steps taken. */
export async function migrate(database: Database, only?: readonly string[]): Promise<string[]> {
  return database.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock(${LOCK})`.execute(connection);
    try {
      return await takeSteps(connection, only);
    } finally {
      await sql`select pg_advisory_unlock(${LOCK})`.execute(connection);
    }
  });
}

async function takeSteps(connection: Database, only?: readonly string[]): Promise<string[]> {
  await sql`create table if not exists migration (name text primary key, at timestamptz not null default now())`.execute(
    connection,
  );
  const done = await appliedMigrations(connection);
  const unknown = done.filter((name) => !migrations.some((step) => step.name === name));
  if (unknown.length > 0)
    throw new MigrationError(`The database is of a newer Wardline (${unknown.join(', ')}); start that one`);
  const taken: string[] = [];
  for (const step of migrations.filter(
    ({ name }) => !done.includes(name) && (only?.includes(name) ?? true),
  )) {
    await connection.transaction().execute(async (transaction) => {
      await sql.raw(step.statements).execute(transaction);
      await sql`insert into migration (name) values (${step.name})`.execute(transaction);
    });
    taken.push(step.name);
  }
  return taken;
}

export async function appliedMigrations(database: Database): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from migration order by name`.execute(database);
  return rows.map((row) => row.name);
}
