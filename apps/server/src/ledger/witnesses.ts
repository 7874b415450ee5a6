import { checkNote, parseNote, parseVerifier, type Verifier, verifierText } from '@wardline/ledger';
import { sql } from 'kysely';
import type { Database, Executor } from '../store/database.ts';
import { append } from './append.ts';

/** What a witness saw last. */
export interface WitnessState {
  name: string;
  key: string;
  /** Where it takes heads; null where it asks for them itself. */
  url: string | null;
  /** Microseconds since the epoch; null where it saw nothing yet. */
  seenAt: number | null;
  size: number | null;
}

/** Trusts an outsider's key from now on. False where another key has its name. */
export async function trustWitness(
  database: Database,
  by: { actor: string; verifier: Verifier; url: string | null; reason: string },
  now: number,
): Promise<boolean> {
  const { url, verifier } = by;
  const { name } = verifier;
  const key = verifierText(verifier);
  return database.transaction().execute(async (transaction) => {
    const { rows } = await sql`insert into ledger_witness (name, key, url) values (${name}, ${key}, ${url})
      on conflict do nothing returning name`.execute(transaction);
    if (rows.length === 0) return false;
    const what = {
      action: 'ledger.trust',
      subject: `witness:${name}`,
      changes: url === null ? { key } : { key, url },
    };
    await append(transaction, { at: now, actor: by.actor, reason: by.reason, ...what });
    return true;
  });
}

/** Keeps the signatures of trusted witnesses that a note carries; resolves to their names, or null where one is forged. */
export async function keepCosignatures(database: Database, text: string): Promise<string[] | null> {
  const note = parseNote(text);
  if (note === null) return null;
  const { rows } = await sql<{ key: string }>`select key from ledger_witness`.execute(database);
  const verifiers = rows.map(({ key }) => parseVerifier(key)).filter((verifier) => verifier !== null);
  const check = checkNote(note, verifiers);
  if ('forged' in check) return null;
  const lines = text.slice(note.text.length + 1).split('\n');
  const kept: string[] = [];
  for (const { verifier } of check.signedBy) {
    const line = lines.find((one) => one.startsWith(`— ${verifier.name} `))!;
    if (await keep(database, note.text, verifier.name, line)) kept.push(verifier.name);
  }
  return kept;
}

/** Only for a head that was signed here, word by word. */
async function keep(database: Executor, text: string, name: string, line: string): Promise<boolean> {
  const { rows } = await sql`insert into ledger_cosignature (size, name, line)
    select size, ${name}, ${line} from ledger_checkpoint where starts_with(note, ${`${text}\n`})
    on conflict do nothing returning size`.execute(database);
  return rows.length > 0;
}

/** Every trusted witness with the newest head that it signed. */
export async function witnessStates(database: Executor): Promise<WitnessState[]> {
  const { rows } = await sql<{
    name: string;
    key: string;
    url: string | null;
    size: number | null;
    line: string | null;
    note: string | null;
  }>`
    select w.name, w.key, w.url, c.size, c.line, p.note from ledger_witness w
    left join lateral (select size, line from ledger_cosignature c where c.name = w.name order by size desc limit 1) c on true
    left join ledger_checkpoint p on p.size = c.size order by w.name`.execute(database);
  return rows.map(({ name, key, url, size, line, note }) => ({
    name,
    key,
    url,
    size,
    seenAt: timeOf(key, note, line),
  }));
}

function timeOf(key: string, note: string | null, line: string | null): number | null {
  const verifier = parseVerifier(key);
  const parsed = note === null || line === null ? null : parseNote(`${note}${line}\n`);
  if (verifier === null || parsed === null) return null;
  const check = checkNote(parsed, [verifier]);
  const seconds = 'signedBy' in check ? (check.signedBy[0]?.seconds ?? null) : null;
  return seconds === null ? null : seconds * 1_000_000;
}

/** The lines of witnesses under the head of a size. */
export async function cosignatureLines(database: Executor, size: number): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    select line from ledger_cosignature where size = ${size} order by name`.execute(database);
  return rows.map(({ line }) => line);
}
