import { isDeepStrictEqual } from 'node:util';
import { type ParsedRegister, parseRegister } from '@wardline/formats';
import type { RegisterEntry, RegisterField } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { act } from '../../ledger/append.ts';
import type { Executor } from '../../store/database.ts';

export interface RegisterUpload {
  csv: string;
  mapping?: Record<string, RegisterField> | undefined;
}

/** What importing would do, entry by entry. */
export interface RegisterChange {
  parsed: ParsedRegister;
  added: RegisterEntry[];
  changed: RegisterEntry[];
  unchanged: number;
  removed: string[];
}

export async function loadRegister(database: Executor): Promise<RegisterEntry[]> {
  const { rows } = await sql<{ entry: RegisterEntry }>`
    select entry from register_entry order by (entry ->> 'row')::int, tag`.execute(database);
  return rows.map((row) => row.entry);
}

/** Holds a file against the register as it stands. The row in the file is no part of what an entry says. */
export async function compareRegister(database: Executor, upload: RegisterUpload): Promise<RegisterChange> {
  const parsed = parseRegister(upload.csv.replaceAll('\u0000', ''), upload.mapping);
  const known = new Map((await loadRegister(database)).map((entry) => [entry.tag, entry]));
  const added = parsed.entries.filter((entry) => !known.has(entry.tag));
  const kept = parsed.entries.filter((entry) => known.has(entry.tag));
  const changed = kept.filter(
    (entry) => !isDeepStrictEqual({ ...entry, row: 0 }, { ...known.get(entry.tag), row: 0 }),
  );
  const named = new Set(parsed.entries.map((entry) => entry.tag));
  const removed = [...known.keys()].filter((tag) => !named.has(tag));
  return { parsed, added, changed, unchanged: kept.length - changed.length, removed };
}

export interface RegisterImport extends RegisterUpload {
  mode: 'merge' | 'replace';
  reason: string;
}

export async function importRegister(
  context: Context,
  actor: string,
  upload: RegisterImport,
): Promise<RegisterChange> {
  const change = await compareRegister(context.database, upload);
  const at = context.now();
  const withdrawn = upload.mode === 'replace' ? change.removed : [];
  const changes = {
    mode: upload.mode,
    added: change.added.length,
    changed: change.changed.map((entry) => entry.tag).slice(0, 200),
    withdrawn: withdrawn.slice(0, 200),
  };
  const entry = { at, actor, action: 'register.import', subject: 'register', changes, reason: upload.reason };
  await act(context.database, entry, async (transaction) => {
    if (withdrawn.length > 0)
      await sql`delete from register_entry where tag = any(${withdrawn}::text[])`.execute(transaction);
    await writeEntries(transaction, [...change.added, ...change.changed], at);
  });
  return change;
}

async function writeEntries(
  transaction: Executor,
  entries: readonly RegisterEntry[],
  at: number,
): Promise<void> {
  for (let start = 0; start < entries.length; start += 1000) {
    const chunk = entries.slice(start, start + 1000);
    await sql`insert into register_entry (tag, entry, at)
      select e ->> 'tag', e, ${at} from jsonb_array_elements(${JSON.stringify(chunk)}::jsonb) as e
      on conflict (tag) do update set entry = excluded.entry, at = excluded.at`.execute(transaction);
  }
}
