import { createHash } from 'node:crypto';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { readWatch, type WatchRead, type WatchState } from '@wardline/watch';
import { sql } from 'kysely';
import { WATCH_STATE_BYTES } from '../../limits.ts';
import type { Executor } from '../../store/database.ts';

/** Null where nothing was stored of the site yet. */
export async function loadWatch(database: Executor, site: number): Promise<WatchRead | null> {
  const { rows } = await sql<{
    digest: string;
    body: Buffer;
  }>`select digest, body from watch_state where site = ${site}`.execute(database);
  const [row] = rows;
  if (row === undefined) return null;
  if (digestOf(row.body) !== row.digest) return { fault: 'its bytes are not those that were written' };
  return openState(row.body);
}

function openState(body: Buffer): WatchRead {
  let value: unknown;
  try {
    value = JSON.parse(zstdDecompressSync(body, { maxOutputLength: WATCH_STATE_BYTES }).toString());
  } catch {
    return { fault: 'it can’t be read' };
  }
  return readWatch(value);
}

/** Returns the bytes that were written. */
export async function saveWatch(transaction: Executor, site: number, state: WatchState): Promise<number> {
  const body = zstdCompressSync(JSON.stringify(state));
  await sql`insert into watch_state (site, bytes, digest, body) values (${site}, ${body.length}, ${digestOf(body)}, ${body}::bytea)
    on conflict (site) do update set bytes = excluded.bytes, digest = excluded.digest, body = excluded.body`.execute(
    transaction,
  );
  return body.length;
}

const digestOf = (body: Buffer): string => createHash('sha256').update(body).digest('hex');
