import { inclusionProof } from '@wardline/ledger';
import { sql } from 'kysely';
import type { Context } from '../context.ts';
import { readNodes } from './nodes.ts';

export interface IncludedAct {
  sequence: number;
  entry: string;
  /** Hashes from the leaf up, in hexadecimal digits. */
  path: string[];
  /** The signed head that it is under. */
  checkpoint: string;
}

/** An act with what shows an outsider that it stands in the ledger. Null where there is none. */
export async function includedAct(
  { database, heads }: Context,
  sequence: number,
): Promise<IncludedAct | null> {
  const head = await heads.current();
  const { rows } = await sql<{
    entry: string;
  }>`select entry from ledger where sequence = ${sequence}`.execute(database);
  const [act] = rows;
  if (act === undefined || sequence > head.size) return null;
  const path = await inclusionProof(sequence - 1, head.size, (places) => readNodes(database, places));
  return {
    sequence,
    entry: act.entry,
    path: path.map((hash) => Buffer.from(hash).toString('hex')),
    checkpoint: head.note,
  };
}
