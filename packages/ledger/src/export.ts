import { parseCheckpoint } from './checkpoint.ts';
import { commitmentOf, parseEntry } from './entry.ts';
import { Frontier } from './frontier.ts';
import { type Hash, leafHash, sameHash } from './hash.ts';
import { checkNote, parseNote, type Verifier } from './note.ts';

/** The first line of an export names its form. */
export const exportForm = 'wardline ledger export 1';

/** Where an export does not hold, counted in lines from 1. */
export interface ExportFault {
  line: number;
  message: string;
}

export interface ExportSummary {
  origin: string;
  entries: number;
  /** Microseconds since the epoch; null where there are no entries. */
  first: number | null;
  last: number | null;
  /** Personal texts that are in the export and fit their commitments, and those that were erased. */
  disclosed: number;
  erased: number;
  root: Hash;
  /** Who else signed the checkpoint, with the time in seconds. */
  witnesses: { name: string; seconds: number | null }[];
}

interface Line {
  form?: unknown;
  origin?: unknown;
  entry?: unknown;
  personal?: unknown;
  checkpoint?: unknown;
}

/** What a line may carry. */
const members = { header: ['form', 'origin'], entry: ['entry', 'personal'], checkpoint: ['checkpoint'] };

/**
 * Verifies an export line by line with nothing but public keys, in memory of one hash for each level of the tree:
 * a header, each entry as it was hashed with the personal texts that are left, and the signed checkpoint.
 */
export class ExportReader {
  readonly #log: Verifier;
  readonly #witnesses: readonly Verifier[];
  readonly #frontier = new Frontier();
  #line = 0;
  #summary: ExportSummary;
  #isComplete = false;

  constructor(log: Verifier, witnesses: readonly Verifier[] = []) {
    this.#log = log;
    this.#witnesses = witnesses;
    const counts = { entries: 0, first: null, last: null, disclosed: 0, erased: 0 };
    this.#summary = { origin: '', ...counts, root: new Uint8Array(32), witnesses: [] };
  }

  /** Takes the next line; a fault ends the reading. */
  take(text: string): ExportFault | null {
    this.#line += 1;
    const line = parseLine(text);
    if (line === null) return this.#fault('is no JSON object');
    if (this.#isComplete) return this.#fault('stands behind the checkpoint, which ends an export');
    const kind = this.#line === 1 ? 'header' : 'checkpoint' in line ? 'checkpoint' : 'entry';
    const stray = Object.keys(line).find((key) => !members[kind].includes(key));
    if (stray !== undefined) return this.#fault(`carries ${stray}, which nothing binds to it`);
    if (kind === 'header') return this.#header(line);
    return kind === 'checkpoint' ? this.#checkpoint(line) : this.#entry(line);
  }

  /** What was verified, or why it is not whole. */
  end(): ExportSummary | ExportFault {
    return this.#isComplete
      ? this.#summary
      : { line: this.#line + 1, message: 'the export ends without its checkpoint' };
  }

  #fault(message: string): ExportFault {
    return { line: this.#line, message };
  }

  #header({ form, origin }: Line): ExportFault | null {
    if (form !== exportForm) return this.#fault(`does not begin an export (${exportForm})`);
    if (typeof origin !== 'string') return this.#fault('names no origin');
    this.#summary.origin = origin;
    return null;
  }

  #entry({ entry: text, personal }: Line): ExportFault | null {
    const entry = typeof text === 'string' ? parseEntry(text) : null;
    if (entry === null) return this.#fault('is no entry of the ledger');
    const expected = this.#summary.entries + 1;
    if (entry.sequence !== expected) return this.#fault(`is entry ${entry.sequence}; expected ${expected}`);
    const fault = this.#personal(entry.commitments, personal);
    if (fault !== null) return fault;
    this.#frontier.grow(leafHash(Buffer.from(text as string, 'utf8')));
    this.#summary.entries = expected;
    this.#summary.first ??= entry.at;
    this.#summary.last = entry.at;
    return null;
  }

  /** Personal texts that are there must fit; one that is away was erased. */
  #personal(commitments: Record<string, string>, personal: unknown): ExportFault | null {
    const given = (personal ?? {}) as Record<string, { salt?: unknown; value?: unknown } | undefined>;
    for (const name of Object.keys(given))
      if (!Object.hasOwn(commitments, name))
        return this.#fault(`carries ${name}, to which its entry is not bound`);
    for (const [name, commitment] of Object.entries(commitments)) {
      const text = given[name];
      if (text === undefined) this.#summary.erased += 1;
      else if (typeof text.salt !== 'string' || typeof text.value !== 'string')
        return this.#fault(`${name} has no salt or no text`);
      else if (commitmentOf(Buffer.from(text.salt, 'hex'), text.value) !== commitment)
        return this.#fault(`${name} is not the text that was entered`);
      else this.#summary.disclosed += 1;
    }
    return null;
  }

  #checkpoint({ checkpoint: text }: Line): ExportFault | null {
    const note = typeof text === 'string' ? parseNote(text) : null;
    const checkpoint = note === null ? null : parseCheckpoint(note.text);
    if (note === null || checkpoint === null) return this.#fault('is no checkpoint');
    const check = checkNote(note, [this.#log, ...this.#witnesses]);
    if ('forged' in check) return this.#fault(`the signature of ${check.forged.name} does not hold`);
    if (!check.signedBy.some(({ verifier }) => verifier === this.#log))
      return this.#fault(`is not signed by the key that was given for ${this.#log.name}`);
    if (checkpoint.origin !== this.#summary.origin)
      return this.#fault(`is of ${checkpoint.origin}, and the export of ${this.#summary.origin}`);
    const { entries } = this.#summary;
    if (checkpoint.size !== entries)
      return this.#fault(`speaks of ${checkpoint.size} entries; the export has ${entries}`);
    const root = this.#frontier.root();
    if (!sameHash(root, checkpoint.root)) return this.#fault('the entries are not those that were signed');
    this.#summary.root = root;
    this.#summary.witnesses = check.signedBy
      .filter(({ verifier }) => verifier !== this.#log)
      .map(({ verifier, seconds }) => ({ name: verifier.name, seconds }));
    this.#isComplete = true;
    return null;
  }
}

function parseLine(text: string): Line | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
