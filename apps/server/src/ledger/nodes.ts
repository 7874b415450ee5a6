import type { Hash, Place } from '@wardline/ledger';
import { sql } from 'kysely';
import type { Executor } from '../store/database.ts';

/** The stored hashes of complete subtrees, in the order asked for. @throws where one is missing: the tree is broken */
export async function readNodes(database: Executor, places: readonly Place[]): Promise<Hash[]> {
  if (places.length === 0) return [];
  const levels = places.map(({ level }) => level);
  const indexes = places.map(({ index }) => index);
  const { rows } = await sql<{ level: number; index: number; hash: Buffer }>`
    select n.level, n.index, n.hash from unnest(${levels}::smallint[], ${indexes}::bigint[]) as asked (level, index)
    join ledger_node n on n.level = asked.level and n.index = asked.index`.execute(database);
  const found = new Map(rows.map(({ level, index, hash }) => [`${level}/${index}`, hash]));
  return places.map((place) => found.get(`${place.level}/${place.index}`) ?? missing(place));
}

export function missing({ level, index }: Place): never {
  throw new BrokenTree(`the hash of subtree ${level}/${index} is missing`);
}

/** The stored tree is not what it was when it was written. */
export class BrokenTree extends Error {
  override readonly name = 'BrokenTree';
}

/** Acts in the ledger. */
export async function ledgerSize(database: Executor): Promise<number> {
  const { rows } = await sql<{ size: number }>`select coalesce(max(sequence), 0) as size from ledger`.execute(
    database,
  );
  return rows[0]!.size;
}
