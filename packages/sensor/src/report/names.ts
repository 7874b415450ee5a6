import { protections } from '@wardline/model';
import { APPLICATION, BYTES, type ConnectionTable, PROTECTION } from '../flow/connection-table.ts';
import type { ConversationFacts } from './sink.ts';

const MOST_NAMES = 255;

export type Notes = Map<string, string | number | boolean>;

/** Keeps what dissectors say of connections in the connections' byte columns: applications by number, notes only where there are any. */
export class Names {
  readonly #byNumber: (string | null)[] = [null];
  readonly #byName = new Map<string, number>();
  readonly #notes = new Map<number, Notes>();

  /** A map that nothing was noted in yet, for the next connection that has none. */
  #spare: Notes = new Map();

  load(table: ConnectionTable, entry: number): ConversationFacts {
    if (this.#spare.size > 0) this.#spare = new Map();
    return {
      application: this.application(table, entry),
      protection: protections[table.bytes[entry * BYTES + PROTECTION]!]!,
      notes: this.#notes.get(entry) ?? this.#spare,
    };
  }

  store(table: ConnectionTable, entry: number, facts: ConversationFacts): void {
    table.bytes[entry * BYTES + APPLICATION] = this.#number(facts.application);
    table.bytes[entry * BYTES + PROTECTION] = protections.indexOf(facts.protection);
    if (facts.notes.size > 0) this.#notes.set(entry, facts.notes);
  }

  application(table: ConnectionTable, entry: number): string | null {
    return this.#byNumber[table.bytes[entry * BYTES + APPLICATION]!] ?? null;
  }

  notes(entry: number): Notes | undefined {
    return this.#notes.get(entry);
  }

  forget(entry: number): void {
    this.#notes.delete(entry);
  }

  #number(name: string | null): number {
    if (name === null) return 0;
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    if (this.#byNumber.length > MOST_NAMES) return 0;
    this.#byNumber.push(name.slice(0, 32));
    this.#byName.set(name, this.#byNumber.length - 1);
    return this.#byNumber.length - 1;
  }
}
