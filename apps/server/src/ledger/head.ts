import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Checkpoint,
  checkNote,
  checkpointText,
  createSigner,
  formatNote,
  type Hash,
  parseCheckpoint,
  parseNote,
  rootOf,
  type Signer,
  sameHash,
  signNote,
  type Verifier,
} from '@wardline/ledger';
import { sql } from 'kysely';
import type { Database, Executor } from '../store/database.ts';
import { BrokenTree, ledgerSize, readNodes } from './nodes.ts';

/** The signed head of the tree. */
export interface Head extends Checkpoint {
  note: string;
  /** Microseconds since the epoch, to the second: as the log's own cosignature says it. */
  at: number;
}

/** The log's key signs twice: as a log, and with the time as a cosigner of itself (C2SP tlog-cosignature). */
export interface LedgerSigner {
  name: string;
  log: Signer;
  clock: Signer;
}

/** What its signatures are checked by. */
export interface LedgerVerifier {
  log: Verifier;
  clock: Verifier;
}

/** A signer whose name is made from its key, so that two hospitals never share one. */
export function ledgerSigner(seed: Uint8Array): LedgerSigner {
  const probe = createSigner('wardline', seed);
  const name = `wardline-ledger-${Buffer.from(probe.id).toString('hex')}`;
  return { name, log: createSigner(name, seed), clock: createSigner(name, seed, 'cosignature') };
}

/** A head as its note says it; null where it is not one that this ledger signed. */
export function readHead(text: string, { log, clock }: LedgerVerifier): Head | null {
  const note = parseNote(text);
  const checkpoint = note === null ? null : parseCheckpoint(note.text);
  if (note === null || checkpoint === null || note.signatures.length !== 2) return null;
  const check = checkNote(note, [log, clock]);
  if ('forged' in check || check.signedBy.length !== 2) return null;
  const seconds = check.signedBy[1]!.seconds!;
  return { ...checkpoint, note: text, at: seconds * 1_000_000 };
}

/**
 * Signs heads of the tree, and never one that does not continue what was signed before: neither what the database
 * remembers, nor what lies beside it in a file. A database that was put back to an older state is found by the second.
 */
export class Heads {
  readonly signer: LedgerSigner;
  readonly #database: Database;
  readonly #file: string;
  readonly #now: () => number;
  #running: Promise<Head> | null = null;

  constructor(database: Database, signer: LedgerSigner, dataDir: string, now: () => number) {
    this.#database = database;
    this.signer = signer;
    this.#file = join(dataDir, 'ledger-head');
    this.#now = now;
  }

  /** The head over everything that is committed; signs a new one where the tree has grown. @throws BrokenTree */
  current(): Promise<Head> {
    this.#running ??= this.#sign().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #sign(): Promise<Head> {
    const seen = await this.#look();
    if ('head' in seen) return seen.head;
    const { size, root } = seen;
    const text = checkpointText({ origin: this.signer.name, size, root });
    const { log, clock } = this.signer;
    const signatures = [signNote(text, log), signNote(text, clock, Math.floor(this.#now() / 1_000_000))];
    const note = formatNote({ text, signatures });
    const head = readHead(note, this.signer)!;
    this.#remember(note);
    await sql`insert into ledger_checkpoint (size, note) values (${size}, ${note}) on conflict do nothing`.execute(
      this.#database,
    );
    return head;
  }

  /**
   * The newest head, or what has to be signed. All of one moment: of another, a head that another server signed meanwhile would
   * seem to be of acts that are missing.
   */
  #look(): Promise<{ head: Head } | { size: number; root: Hash }> {
    return this.#database
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (snapshot) => {
        const size = await ledgerSize(snapshot);
        const last = await lastHead(snapshot, this.signer);
        await this.#mustContinue(snapshot, last, size);
        if (last !== null && last.size === size) return { head: last };
        return { size, root: await rootOf(size, (places) => readNodes(snapshot, places)) };
      });
  }

  /** Everything that was signed must be the beginning of what is there now. */
  async #mustContinue(snapshot: Executor, last: Head | null, size: number): Promise<void> {
    for (const earlier of [last, this.#remembered()]) {
      if (earlier === null) continue;
      if (earlier.size > size)
        throw new BrokenTree(
          `${earlier.size} acts were signed, and the database has ${size}: it is older than it was`,
        );
      const root = await rootOf(earlier.size, (places) => readNodes(snapshot, places));
      if (!sameHash(root, earlier.root))
        throw new BrokenTree(`the first ${earlier.size} acts are not those that were signed`);
    }
  }

  #remembered(): Head | null {
    const text = readIfThere(this.#file);
    if (text === null) return null;
    const head = readHead(text, this.signer);
    if (head === null)
      throw new BrokenTree('the head that lies beside the database is not one of this ledger');
    return head;
  }

  /** Written whole before anybody sees the head. */
  #remember(note: string): void {
    const half = `${this.#file}.new`;
    const descriptor = openSync(half, 'w', 0o600);
    writeSync(descriptor, note);
    fsyncSync(descriptor);
    closeSync(descriptor);
    renameSync(half, this.#file);
  }
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Whether any head was ever signed: by a key that must then go on. */
export async function wasSigned(database: Executor): Promise<boolean> {
  const { rows } = await sql`select 1 from ledger_checkpoint limit 1`.execute(database);
  return rows.length > 0;
}

/** The newest signed head that the database remembers. @throws BrokenTree where it is none */
async function lastHead(database: Executor, signer: LedgerSigner): Promise<Head | null> {
  const { rows } = await sql<{ size: number; note: string }>`
    select size, note from ledger_checkpoint order by size desc limit 1`.execute(database);
  const row = rows[0];
  if (row === undefined) return null;
  const head = readHead(row.note, signer);
  if (head?.size !== row.size)
    throw new BrokenTree(`the head of ${row.size} acts is not one that was signed`);
  return head;
}
