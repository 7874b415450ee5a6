import { randomBytes } from 'node:crypto';
import { commitmentOf, completedBy, entryText, type Hash, leafHash } from '@wardline/ledger';
import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../store/database.ts';
import type { Tables } from '../store/tables.ts';
import { readNodes } from './nodes.ts';

/** One act that changes state: who did what to which subject, what changed, and why. */
export interface Act {
  at: number;
  /** `person:…`, `token:…`, `sensor:…`, `server`, `command line`: a name that tells nothing of a person by itself. */
  actor: string;
  action: string;
  subject: string;
  /** Stays for ever: nothing by which a person could be known belongs here. */
  changes: Record<string, unknown>;
  /** A person's own words; like everything in `personal`, the tree holds a commitment and the text can be erased. */
  reason: string | null;
  personal?: Readonly<Record<string, string>>;
}

/** Any number of its own: acts are written one after the other, so that their sequence has no gaps. */
export const LEDGER_LOCK = 7_400_002;

/** Length of the salt that keeps a short text from being guessed from its commitment. */
const SALT_BYTES = 32;

/**
 * Writes one act within the transaction that carries it out: its row, its personal texts, and the hashes that it adds to the
 * tree. The only function that writes the ledger.
 */
export async function append(transaction: Transaction<Tables>, entered: Act): Promise<number> {
  await sql`select pg_advisory_xact_lock(${LEDGER_LOCK})`.execute(transaction);
  const { rows } = await sql<{ size: number }>`select coalesce(max(sequence), 0) as size from ledger`.execute(
    transaction,
  );
  const size = rows[0]!.size;
  const texts = personalTexts(entered);
  const { at, actor, action, subject, changes } = entered;
  const commitments = Object.fromEntries(
    texts.map(({ name, salt, value }) => [name, commitmentOf(salt, value)]),
  );
  const stored = storable(changes);
  const entry = entryText({ sequence: size + 1, at, actor, action, subject, changes: stored, commitments });
  await sql`insert into ledger (sequence, at, actor, action, subject, changes, reason, entry)
    values (${size + 1}, ${at}, ${actor}, ${action}, ${subject}, ${JSON.stringify(stored)}::jsonb, null, ${entry})`.execute(
    transaction,
  );
  await keepPersonal(transaction, size + 1, texts);
  await growTree(transaction, size, leafHash(Buffer.from(entry, 'utf8')));
  return size + 1;
}

/** As JSON holds it: what is undefined, a date or an own class does not come back from the database as it went in. */
const storable = (changes: Record<string, unknown>): Record<string, unknown> =>
  JSON.parse(JSON.stringify(changes)) as Record<string, unknown>;

interface PersonalText {
  name: string;
  salt: Uint8Array;
  value: string;
}

function personalTexts({ reason, personal = {} }: Pick<Act, 'reason' | 'personal'>): PersonalText[] {
  const texts = { ...(reason === null ? {} : { reason }), ...personal };
  return Object.entries(texts).map(([name, value]) => ({ name, salt: randomBytes(SALT_BYTES), value }));
}

export async function keepPersonal(
  transaction: Transaction<Tables>,
  sequence: number,
  texts: readonly PersonalText[],
): Promise<void> {
  if (texts.length === 0) return;
  const values = texts.map(
    ({ name, salt, value }) => sql`(${sequence}, ${name}, ${Buffer.from(salt)}, ${value})`,
  );
  await sql`insert into ledger_personal (sequence, name, salt, value) values ${rowsOf(values)}`.execute(
    transaction,
  );
}

/** Adds a leaf to a tree of `size` leaves, and every subtree that it completes. */
export async function growTree(transaction: Transaction<Tables>, size: number, leaf: Hash): Promise<void> {
  const completed = await completedBy(leaf, size, (places) => readNodes(transaction, places));
  const values = completed.map(
    ({ place, hash }) => sql`(${place.level}, ${place.index}, ${Buffer.from(hash)})`,
  );
  await sql`insert into ledger_node (level, index, hash) values ${rowsOf(values)}`.execute(transaction);
}

const rowsOf = (values: readonly RawBuilder<unknown>[]): RawBuilder<unknown> => sql.join(values, sql`, `);

/** Carries out an act: the change and its row in the ledger stand or fall together. */
export async function act<T>(
  database: Database,
  entry: Act,
  change: (transaction: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  return database.transaction().execute(async (transaction) => {
    const result = await change(transaction);
    await append(transaction, entry);
    return result;
  });
}
