import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Executor } from '../../store/database.ts';

/** One full backup: asked for, running, kept, failed, or removed as older than is kept. */
export interface BackupRun {
  id: string;
  asked: number;
  actor: string;
  /** The person’s name, where one asked. */
  who: string | null;
  state: 'waiting' | 'running' | 'kept' | 'failed' | 'removed';
  name: string | null;
  line: string | null;
  /** The first changes of its line that are needed behind it. */
  next: number | null;
  /** As of when it is. */
  at: number | null;
  ended: number | null;
  bytes: number | null;
  digest: string | null;
  trouble: string | null;
  /** When it was restored to see that it can be. */
  proved: number | null;
  proof_trouble: string | null;
}

const columns = sql.raw(
  "id, asked, actor, (select p.name from person p where actor = 'person:' || p.id) as who, state, name, line, next, at, ended, bytes, digest, trouble, proved, proof_trouble",
);

export async function askForRun(database: Executor, actor: string, now: number): Promise<string> {
  const id = randomUUID();
  await sql`insert into backup_run (id, asked, actor, state) values (${id}, ${now}, ${actor}, 'waiting')`.execute(
    database,
  );
  return id;
}

/** The newest first. */
export async function lastRuns(database: Executor, most: number): Promise<BackupRun[]> {
  const { rows } = await sql<BackupRun>`
    select ${columns} from backup_run order by asked desc, id limit ${most}`.execute(database);
  return rows;
}

export async function keptRuns(database: Executor): Promise<BackupRun[]> {
  const { rows } = await sql<BackupRun>`
    select ${columns} from backup_run where state = 'kept' order by at desc`.execute(database);
  return rows;
}

/** Of the last that were removed: their files may still be there where the server ended in between. */
export async function removedNames(database: Executor): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from backup_run where state = 'removed' order by asked desc limit 100`.execute(database);
  return rows.map(({ name }) => name);
}

/** What was asked for and not begun; and what a server that ended left half done, which is begun again. */
export async function waitingRun(database: Executor): Promise<BackupRun | null> {
  const { rows } = await sql<BackupRun>`
    select ${columns} from backup_run where state in ('waiting', 'running') order by asked limit 1`.execute(
    database,
  );
  return rows[0] ?? null;
}

export async function markRun(
  database: Executor,
  id: string,
  of: Partial<Omit<BackupRun, 'id' | 'asked' | 'actor' | 'who'>>,
): Promise<void> {
  const sets = Object.entries(of).map(([name, value]) => sql`${sql.ref(name)} = ${value}`);
  await sql`update backup_run set ${sql.join(sets)} where id = ${id}`.execute(database);
}

/** Changes without a gap, behind which a full backup stands. */
export interface BackupLine {
  id: string;
  number: number;
  digest: string | null;
  lsn: string | null;
  until: number | null;
  bytes: number;
}

export async function lineInUse(database: Executor): Promise<BackupLine | null> {
  const { rows } = await sql<BackupLine>`
    select id, number, digest, lsn, until, bytes from backup_line where ended is null`.execute(database);
  return rows[0] ?? null;
}

export async function endLine(database: Executor, now: number): Promise<void> {
  await sql`update backup_line set ended = ${now} where ended is null`.execute(database);
}

export async function beginLine(database: Executor, now: number): Promise<BackupLine> {
  const id = randomUUID().replaceAll('-', '').slice(0, 12);
  await sql`insert into backup_line (id, made) values (${id}, ${now})`.execute(database);
  return (await lineInUse(database))!;
}

export async function extendLine(
  database: Executor,
  { id }: BackupLine,
  by: { digest: string; lsn: string; until: number; bytes: number },
): Promise<BackupLine> {
  await sql`update backup_line set number = number + 1, digest = ${by.digest}, lsn = ${by.lsn}, until = ${by.until},
    bytes = bytes + ${by.bytes} where id = ${id}`.execute(database);
  return (await lineInUse(database))!;
}
