import { Readable } from 'node:stream';
import { exportForm } from '@wardline/ledger';
import { sql } from 'kysely';
import type { Executor } from '../store/database.ts';
import type { Head } from './head.ts';

/** Rows that are read at once. */
const CHUNK = 1000;

interface Row {
  sequence: number;
  entry: string;
  personal: Record<string, { salt: string; value: string }> | null;
}

/** The ledger up to a head, a line for each act, with the personal texts that are left. */
export function exportLines(database: Executor, head: Head, note: string): Readable {
  return Readable.from(lines(database, head, note));
}

async function* lines(database: Executor, head: Head, note: string): AsyncGenerator<string> {
  yield `${JSON.stringify({ form: exportForm, origin: head.origin })}\n`;
  for (let last = 0; last < head.size; ) {
    const { rows } = await sql<Row>`
      select l.sequence, l.entry, (select jsonb_object_agg(p.name, jsonb_build_object('salt', encode(p.salt, 'hex'), 'value', p.value))
        from ledger_personal p where p.sequence = l.sequence) as personal
      from ledger l where l.sequence > ${last} and l.sequence <= ${head.size} order by l.sequence limit ${CHUNK}`.execute(
      database,
    );
    if (rows.length === 0) return;
    yield rows
      .map(({ entry, personal }) => `${JSON.stringify({ entry, personal: personal ?? {} })}\n`)
      .join('');
    last = rows.at(-1)!.sequence;
  }
  yield `${JSON.stringify({ checkpoint: note })}\n`;
}
