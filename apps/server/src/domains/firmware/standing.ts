import { describe, type Standing } from '@wardline/updates';
import { sql } from 'kysely';
import type { Executor } from '../../store/database.ts';

const bytesOf = ({ bytes }: { bytes: Uint8Array }): Uint8Array => bytes;

/** The repository as it is now. */
export async function readStanding(database: Executor): Promise<Standing> {
  const roots = await sql<{ bytes: Uint8Array }>`select bytes from firmware_root order by version`.execute(
    database,
  );
  const { rows } = await sql<{ role: string; bytes: Uint8Array }>`
    select distinct on (role) role, bytes from firmware_role order by role, version desc`.execute(database);
  const roles = new Map(rows.map(({ role, bytes }) => [role, bytes]));
  const [snapshot, timestamp] = ['snapshot', 'timestamp'].map((role) => roles.get(role) ?? null);
  for (const role of ['snapshot', 'timestamp']) roles.delete(role);
  return { roots: roots.rows.map(bytesOf), roles, snapshot: snapshot ?? null, timestamp: timestamp ?? null };
}

/** Keeps what of a repository is new. Nothing that was published is ever changed. */
export async function keepStanding(
  transaction: Executor,
  before: Standing,
  after: Standing,
  at: number,
): Promise<void> {
  for (const bytes of after.roots.slice(before.roots.length))
    await sql`insert into firmware_root (version, bytes, at) values (${describe(bytes).version}, ${bytes}, ${at})`.execute(
      transaction,
    );
  const all = [...after.roles, ['snapshot', after.snapshot!], ['timestamp', after.timestamp!]] as const;
  const old = new Map<string, Uint8Array | null>([
    ...before.roles,
    ['snapshot', before.snapshot],
    ['timestamp', before.timestamp],
  ]);
  for (const [role, bytes] of all)
    if (old.get(role) !== bytes)
      await sql`insert into firmware_role (role, version, bytes, at)
        values (${role}, ${describe(bytes).version}, ${bytes}, ${at})`.execute(transaction);
}

/**
 * A file of metadata as a client names it; null where there is none. By its name without a version a list is the newest one: so asks a
 * device that verifies in part, and reads no snapshot.
 */
export async function metadataFile(database: Executor, name: string): Promise<Uint8Array | null> {
  const [, version, segment] = /^(?:(\d{1,9})\.)?(.+)\.json$/.exec(name) ?? [];
  const role = decoded(segment);
  if (role === null || (version === undefined ? ['root', 'snapshot'].includes(role) : role === 'timestamp'))
    return null;
  const { rows } =
    role === 'root'
      ? await sql<{
          bytes: Uint8Array;
        }>`select bytes from firmware_root where version = ${Number(version)}`.execute(database)
      : await sql<{ bytes: Uint8Array }>`
          select bytes from firmware_role where role = ${role} and ${version === undefined ? sql`true` : sql`version = ${Number(version)}`}
          order by version desc limit 1`.execute(database);
  return rows[0]?.bytes ?? null;
}

function decoded(segment: string | undefined): string | null {
  try {
    return segment === undefined ? null : decodeURIComponent(segment);
  } catch {
    return null;
  }
}
