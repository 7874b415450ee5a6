import { randomBytes } from 'node:crypto';
import {
  commitmentOf,
  completedBy,
  ENTRY_BYTES,
  entryText,
  type Hash,
  leafHash,
  type Place,
  type ReadHashes,
} from '@wardline/ledger';
import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../store/database.ts';
import type { Tables } from '../store/tables.ts';
import { missing, readNodes } from './nodes.ts';

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
 * @throws RangeError where the act is larger than an entry can be
 */
export async function append(transaction: Transaction<Tables>, entered: Act): Promise<number> {
  await sql`select pg_advisory_xact_lock(${LEDGER_LOCK})`.execute(transaction);
  // A statement of its own: it has to see what was committed before the lock was had.
  const tree = await readEdge(transaction);
  const sequence = tree.size + 1;
  const texts = personalTexts(entered);
  const { at, actor, action, subject } = entered;
  const changes = storable(entered.changes);
  const commitments = Object.fromEntries(
    texts.map(({ name, salt, value }) => [name, commitmentOf(salt, value)]),
  );
  const entry = entryText({ sequence, at, actor, action, subject, changes, commitments });
  const bytes = Buffer.from(entry, 'utf8');
  if (bytes.length > ENTRY_BYTES)
    throw new RangeError(`an act of ${bytes.length} bytes is too large for the ledger`);
  const completed = await completedBy(leafHash(bytes), tree.size, tree.left);
  const row = sql`(${sequence}, ${at}, ${actor}, ${action}, ${subject}, ${JSON.stringify(changes)}::jsonb, null, ${entry})`;
  await sql`with act as (
      insert into ledger (sequence, at, actor, action, subject, changes, reason, entry) values ${row}
    ), texts as (${insertTexts(sequence, texts)}) ${insertNodes(completed)}`.execute(transaction);
  return sequence;
}

/** The size of the tree, and the hashes to the left of the next leaf and of the subtrees that it completes. */
async function readEdge(transaction: Transaction<Tables>): Promise<{ size: number; left: ReadHashes }> {
  const { rows } = await sql<{ size: number; level: number | null; hash: Buffer | null }>`
    with tree as (select coalesce(max(sequence), 0) as size from ledger)
    select size, n.level, n.hash from tree
    left join lateral generate_series(0, 52) as l (level)
      on size & ((1::bigint << (l.level + 1)) - 1) = (1::bigint << (l.level + 1)) - 1
    left join ledger_node n on n.level = l.level and n.index = (size >> l.level) - 1`.execute(transaction);
  const hashes = new Map(rows.map(({ level, hash }) => [level, hash]));
  const left: ReadHashes = async (places) => places.map((place) => hashes.get(place.level) ?? missing(place));
  return { size: rows[0]!.size, left };
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
  await insertTexts(sequence, texts).execute(transaction);
}

function insertTexts(sequence: number, texts: readonly PersonalText[]): RawBuilder<unknown> {
  const [names, salts, values] = [
    texts.map(({ name }) => name),
    texts.map(({ salt }) => Buffer.from(salt)),
    texts.map(({ value }) => value),
  ];
  return sql`insert into ledger_personal (sequence, name, salt, value)
    select ${sequence}::bigint, * from unnest(${names}::text[], ${salts}::bytea[], ${values}::text[])`;
}

/** Adds a leaf to a tree of `size` leaves, and every subtree that it completes. */
export async function growTree(transaction: Transaction<Tables>, size: number, leaf: Hash): Promise<void> {
  const completed = await completedBy(leaf, size, (places) => readNodes(transaction, places));
  await insertNodes(completed).execute(transaction);
}

function insertNodes(completed: readonly { place: Place; hash: Hash }[]): RawBuilder<unknown> {
  const rows = completed.map(
    ({ place, hash }) => sql`(${place.level}::smallint, ${place.index}::bigint, ${Buffer.from(hash)}::bytea)`,
  );
  return sql`insert into ledger_node (level, index, hash) values ${sql.join(rows, sql`, `)}`;
}

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
