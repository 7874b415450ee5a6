import {
  checkNote,
  commitmentOf,
  type Entry,
  Frontier,
  type Hash,
  leafHash,
  type Place,
  parseEntry,
  parseNote,
  parseVerifier,
  sameHash,
  type Verifier,
} from '@wardline/ledger';
import { type RawBuilder, sql } from 'kysely';
import type { Database, Executor } from '../store/database.ts';
import { type Heads, type LedgerVerifier, readHead } from './head.ts';
import { BrokenTree } from './nodes.ts';

/** One place in a table that is not as it was written. */
export interface LedgerFault {
  table:
    | 'ledger'
    | 'ledger_node'
    | 'ledger_personal'
    | 'ledger_checkpoint'
    | 'ledger_cosignature'
    | 'ledger_witness';
  place: string;
  message: string;
}

export interface Verification {
  entries: number;
  faults: LedgerFault[];
}

interface Row {
  sequence: number;
  at: number;
  actor: string;
  action: string;
  subject: string;
  changes: Record<string, unknown>;
  reason: string | null;
  entry: string | null;
}

/** Rows that are read at once. */
const CHUNK = 2000;
/** Faults that are told; one is enough to know. */
const FAULTS = 100;

/** As the ledger is at one moment, while acts go on being written; and whether it continues what was signed before. */
export async function verifyNow(database: Database, heads: Heads): Promise<Verification> {
  const { entries, faults } = await database
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute((transaction) => verifyLedger(transaction, heads.signer));
  const broken = await heads.current().then(
    () => null,
    (error: unknown) => (error instanceof BrokenTree ? error.message : Promise.reject(error)),
  );
  return { entries, faults: broken === null ? faults : [headFault(broken), ...faults] };
}

const headFault = (message: string): LedgerFault => ({ table: 'ledger_checkpoint', place: 'last', message });

/**
 * Walks through everything behind the ledger and works the tree out anew from the acts themselves: each row against its
 * entry, each personal text against its commitment, each stored hash against the worked-out one, each signed head against
 * the tree as it was then, each cosignature against its witness.
 */
export async function verifyLedger(database: Executor, signer: LedgerVerifier): Promise<Verification> {
  const walk = new Walk(database);
  await walk.entries();
  await walk.heads(signer);
  return { entries: walk.size, faults: walk.faults.slice(0, FAULTS) };
}

class Walk {
  readonly faults: LedgerFault[] = [];
  readonly #database: Executor;
  /** The last act of which a text is away, by who it is of; and the last act that erased somebody's texts. */
  readonly #away = new Map<string, { sequence: number; who: readonly string[] }>();
  readonly #erased = new Map<string, number>();
  /** Keys of witnesses by name with where they take heads, as acts say them. */
  readonly #trusted = new Map<string, string>();
  readonly #frontier = new Frontier();
  /** Of the entries since the last comparison. */
  #hashes: { place: Place; hash: Hash }[] = [];
  #nodes = 0;
  /** Sizes of signed heads that still lie ahead, with the roots that were found for those behind. */
  #heads: number[] = [];
  readonly #roots = new Map<number, Hash>();

  constructor(database: Executor) {
    this.#database = database;
  }

  get size(): number {
    return this.#frontier.size;
  }

  #fault(table: LedgerFault['table'], place: string | number, message: string): void {
    if (this.faults.length < FAULTS) this.faults.push({ table, place: String(place), message });
  }

  async #rows<T>(query: RawBuilder<T>): Promise<T[]> {
    return (await query.execute(this.#database)).rows;
  }

  async entries(): Promise<void> {
    const heads = await this.#rows(sql<{ size: number }>`select size from ledger_checkpoint order by size`);
    this.#heads = heads.map(({ size }) => size);
    this.#noteRoot();
    for (let last = -1; ; ) {
      const rows = await this.#rows(sql<Row>`
        select sequence, at, actor, action, subject, changes, reason, entry from ledger
        where sequence > ${last} order by sequence limit ${CHUNK}`);
      if (rows.length === 0) break;
      const entries = rows.map((row) => this.#entry(row));
      await this.#personal(rows[0]!.sequence, rows.at(-1)!.sequence, entries);
      await this.#compareNodes();
      last = rows.at(-1)!.sequence;
    }
    const [stored] = await this.#rows(sql<{ n: number }>`select count(*)::int as n from ledger_node`);
    this.#erasures();
    if (stored!.n !== this.#nodes)
      this.#fault('ledger_node', 'all', `${stored!.n} hashes are stored, and the acts have ${this.#nodes}`);
  }

  #entry(row: Row): Entry | null {
    const { sequence, reason, entry: text } = row;
    if (sequence !== this.size + 1) this.#fault('ledger', sequence, `follows act ${this.size}`);
    const entry = text === null ? null : parseEntry(text);
    if (entry === null) this.#fault('ledger', sequence, 'its entry cannot be read');
    else {
      for (const name of ['sequence', 'at', 'actor', 'action', 'subject'] as const)
        if (row[name] !== entry[name])
          this.#fault('ledger', sequence, `its ${name} is not that of its entry`);
      if (canonical(row.changes) !== canonical(entry.changes))
        this.#fault('ledger', sequence, 'its changes are not those of its entry');
    }
    if (reason !== null) this.#fault('ledger', sequence, 'carries a reason beside its entry');
    if (entry?.action === 'ledger.trust')
      this.#trusted.set(entry.subject.slice('witness:'.length), witnessText(entry.changes));
    this.#grow(leafHash(Buffer.from(text ?? '', 'utf8')));
    return entry;
  }

  #grow(leaf: Hash): void {
    this.#hashes.push(...this.#frontier.grow(leaf));
    this.#noteRoot();
  }

  #noteRoot(): void {
    if (this.#heads[0] !== this.size) return;
    this.#heads.shift();
    this.#roots.set(this.size, this.#frontier.root());
  }

  async #compareNodes(): Promise<void> {
    const levels = this.#hashes.map(({ place }) => place.level);
    const indexes = this.#hashes.map(({ place }) => place.index);
    const rows = await this.#rows(sql<{ level: number; index: number; hash: Buffer }>`
      select n.level, n.index, n.hash from unnest(${levels}::smallint[], ${indexes}::bigint[]) as asked (level, index)
      join ledger_node n on n.level = asked.level and n.index = asked.index`);
    const stored = new Map(rows.map(({ level, index, hash }) => [`${level}/${index}`, hash]));
    for (const { place, hash } of this.#hashes) {
      const { level, index } = place;
      const found = stored.get(`${level}/${index}`);
      if (found === undefined) this.#fault('ledger_node', `${level}/${index}`, 'is missing');
      else if (!sameHash(found, hash))
        this.#fault('ledger_node', `${level}/${index}`, 'is not the hash of its acts');
    }
    this.#nodes += this.#hashes.length;
    this.#hashes = [];
  }

  async #personal(first: number, last: number, entries: readonly (Entry | null)[]): Promise<void> {
    const rows = await this.#rows(sql<{ sequence: number; name: string; salt: Buffer; value: string }>`
      select sequence, name, salt, value from ledger_personal where sequence between ${first} and ${last}`);
    const bySequence = new Map(
      entries.filter((entry) => entry !== null).map((entry) => [entry.sequence, entry]),
    );
    const there = new Set(rows.map(({ sequence, name }) => `${sequence} ${name}`));
    for (const entry of bySequence.values()) this.#noteErasure(entry, there);
    for (const { sequence, name, salt, value } of rows) {
      const commitment = bySequence.get(sequence)?.commitments[name];
      if (commitment !== commitmentOf(salt, value))
        this.#fault('ledger_personal', `${sequence} ${name}`, 'is not the text that was entered');
    }
  }

  #noteErasure({ sequence, action, actor, subject, commitments }: Entry, there: ReadonlySet<string>): void {
    if (action === 'ledger.erase') this.#erased.set(subject, sequence);
    if (Object.keys(commitments).some((name) => !there.has(`${sequence} ${name}`)))
      this.#away.set(`${actor}\n${subject}`, { sequence, who: [actor, subject] });
  }

  /** A text may be away only where a later act says that it was erased. */
  #erasures(): void {
    for (const { sequence, who } of this.#away.values())
      if (!who.some((name) => (this.#erased.get(name) ?? 0) > sequence))
        this.#fault('ledger_personal', sequence, 'a text is away, and no act erased it');
  }

  async heads(signer: LedgerVerifier): Promise<void> {
    const witnesses = await this.#witnesses();
    const heads = await this.#rows(
      sql<{ size: number; note: string }>`select size, note from ledger_checkpoint order by size`,
    );
    for (const { size, note } of heads) this.#head(size, note, signer);
    const lines = await this.#rows(sql<{ size: number; name: string; line: string; note: string | null }>`
      select c.size, c.name, c.line, p.note from ledger_cosignature c left join ledger_checkpoint p on p.size = c.size`);
    for (const row of lines) this.#cosignature(row, witnesses);
  }

  #head(size: number, text: string, signer: LedgerVerifier): void {
    const head = readHead(text, signer);
    const root = this.#roots.get(size);
    if (head === null) this.#fault('ledger_checkpoint', size, 'is not one that this ledger signed');
    else if (head.size !== size || root === undefined)
      this.#fault('ledger_checkpoint', size, 'speaks of acts that are away');
    else if (!sameHash(root, head.root))
      this.#fault('ledger_checkpoint', size, 'the acts are not those that were signed');
  }

  async #witnesses(): Promise<Map<string, Verifier>> {
    const rows = await this.#rows(
      sql<{ name: string; key: string; url: string | null }>`select name, key, url from ledger_witness`,
    );
    const witnesses = new Map<string, Verifier>();
    for (const { name, key, url } of rows) {
      const verifier = parseVerifier(key);
      if (this.#trusted.get(name) !== witnessText({ key, url }))
        this.#fault('ledger_witness', name, 'no act trusted this key at this place');
      else if (verifier?.name !== name) this.#fault('ledger_witness', name, 'its key is none');
      else witnesses.set(name, verifier);
    }
    for (const name of this.#trusted.keys())
      if (!rows.some((row) => row.name === name)) this.#fault('ledger_witness', name, 'is away');
    return witnesses;
  }

  #cosignature(
    { size, name, line, note }: { size: number; name: string; line: string; note: string | null },
    witnesses: ReadonlyMap<string, Verifier>,
  ): void {
    const witness = witnesses.get(name);
    const parsed = parseNote(`${note ?? 'nothing'}${line}\n`);
    const check = witness === undefined || parsed === null ? null : checkNote(parsed, [witness]);
    if (check === null || 'forged' in check || check.signedBy.length !== 1)
      this.#fault('ledger_cosignature', `${size} ${name}`, 'does not hold');
  }
}

const witnessText = ({ key, url }: { key?: unknown; url?: unknown }): string =>
  JSON.stringify([key, url ?? null]);

/** The same value has the same text, whatever order its members came back in. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
