import type pg from 'pg';
import { partitionFor } from '../../intake/partitions.ts';
import { BackupFault } from '../frames.ts';
import { ROW_PARAMETERS } from '../limits.ts';
import { deferReferences, quoted } from '../tables.ts';
import { type Message, MessageFault, parseMessage, type Row } from './message.ts';
import { isHeldBy, type Snapshot } from './snapshot.ts';

type Relation = Extract<Message, { is: 'relation' }>;
type Change = Extract<Message, { is: 'insert' | 'update' | 'delete' | 'truncate' }>;

export interface ReplayNeeds {
  client: pg.Client;
  /** What the base holds already. */
  base: Snapshot;
  /** Nothing that was committed later, in microseconds since the epoch; null for everything. */
  until: number | null;
  /** Brings the schema forward by this step. */
  bringForward: (migration: string) => Promise<void>;
}

/** Carries out changes on a restored base, transaction by transaction, in the order in which they were committed. */
export class Replay {
  readonly #needs: ReplayNeeds;
  readonly #relations = new Map<number, Relation>();
  /** The transaction that is being read; `skips` where it is in the base or was carried out already. */
  #open: { skips: boolean; migration: string | null; error: Error | null } | null = null;
  #inserts: { relation: Relation; rows: Row[] } | null = null;
  /** Statements that made partitions; what is rolled back makes them again. */
  readonly #partitions = new Set<string>();
  #done = 0n;
  transactions = 0;
  /** When the last transaction that was carried out was committed. */
  last: number | null = null;
  /** A transaction of later than `until` was met. */
  isOver = false;

  constructor(needs: ReplayNeeds) {
    this.#needs = needs;
  }

  /** @throws BackupFault where a change does not fit what is there */
  async take(bytes: Uint8Array): Promise<void> {
    if (this.isOver) return;
    const message = parsed(bytes);
    if (message.is === 'begin') await this.#begin(message);
    else if (message.is === 'commit') await this.#commit(message.end);
    else if (message.is === 'relation') this.#relations.set(message.id, message);
    else if (message.is !== 'other' && this.#open?.skips === false) await this.#change(message);
  }

  async #begin({ lsn, at, xid }: Extract<Message, { is: 'begin' }>): Promise<void> {
    const { base, until, client } = this.#needs;
    if (until !== null && at > until) {
      this.isOver = true;
      return;
    }
    const skips = lsn < this.#done || isHeldBy(base, xid);
    this.#open = { skips, migration: null, error: null };
    if (skips) return;
    await client.query('begin');
    this.last = at;
  }

  async #commit(end: bigint): Promise<void> {
    const open = this.#open;
    if (open === null) throw new BackupFault('a transaction ends that did not begin');
    this.#open = null;
    this.#done = end;
    if (open.skips) return;
    const { client, bringForward } = this.#needs;
    if (open.migration === null) await this.#flush().catch((error: Error) => (open.error ??= error));
    if (open.migration === null && open.error !== null) refuse(open.error);
    if (open.migration === null) await client.query('commit').catch(refuse);
    else {
      await client.query('rollback');
      this.#partitions.clear();
      // Definitions of tables are no changes of rows: the step is carried out again as a whole.
      await bringForward(open.migration);
      await deferReferences(client, true);
    }
    this.transactions += 1;
  }

  /** A step of the schema is known by its row in `migration`, behind changes that may not fit the schema of before. */
  async #change(change: Change): Promise<void> {
    const open = this.#open!;
    if (change.is === 'insert' && this.#relation(change.relation).name === 'migration') {
      this.#inserts = null;
      open.migration = this.#value(change.relation, change.row, 'name');
    } else if (open.migration === null && open.error === null)
      await this.#carryOut(change).catch((error: Error) => {
        open.error = error;
      });
  }

  #relation(id: number): Relation {
    const relation = this.#relations.get(id);
    if (relation === undefined) throw new BackupFault(`a change of a table that was not named (${id})`);
    return relation;
  }

  #value(id: number, row: Row, column: string): string {
    const at = this.#relation(id).columns.findIndex(({ name }) => name === column);
    return row[at] ?? '';
  }

  async #carryOut(change: Change): Promise<void> {
    if (change.is === 'insert') return this.#insert(this.#relation(change.relation), change.row);
    await this.#flush();
    if (change.is === 'update') await this.#update(this.#relation(change.relation), change);
    else if (change.is === 'delete') await this.#delete(this.#relation(change.relation), change.key);
    else
      await this.#needs.client.query(
        `truncate ${change.relations.map((id) => quoted(this.#relation(id).name)).join(', ')}`,
      );
  }

  async #insert(relation: Relation, row: Row): Promise<void> {
    if (this.#inserts?.relation !== relation) await this.#flush();
    const partition = partitionFor(relation.name, (column) => this.#value(relation.id, row, column));
    if (partition !== null && !this.#partitions.has(partition)) {
      await this.#needs.client.query(partition);
      this.#partitions.add(partition);
    }
    this.#inserts ??= { relation, rows: [] };
    this.#inserts.rows.push(row);
    if ((this.#inserts.rows.length + 1) * row.length > ROW_PARAMETERS) await this.#flush();
  }

  async #flush(): Promise<void> {
    const inserts = this.#inserts;
    this.#inserts = null;
    if (inserts === null) return;
    const { name, columns } = inserts.relation;
    const width = columns.length;
    const rows = inserts.rows.map(
      (_, row) => `(${columns.map((__, column) => `$${row * width + column + 1}`).join(', ')})`,
    );
    await this.#needs.client.query(
      `insert into ${quoted(name)} (${columns.map((column) => quoted(column.name)).join(', ')})
       overriding system value values ${rows.join(', ')}`,
      inserts.rows.flat(),
    );
  }

  async #update({ name, columns }: Relation, change: Extract<Change, { is: 'update' }>): Promise<void> {
    const values: (string | null)[] = [];
    const put = (value: string | null | undefined): string => `$${values.push(value ?? null)}`;
    const sets = columns.flatMap((column, at) =>
      change.row[at] === undefined || (column.isKey && change.key === null)
        ? []
        : [`${quoted(column.name)} = ${put(change.row[at])}`],
    );
    if (sets.length === 0) return;
    const old = change.key ?? change.row;
    const keys = columns.flatMap((column, at) =>
      column.isKey ? [`${quoted(column.name)} = ${put(old[at])}`] : [],
    );
    const { rowCount } = await this.#needs.client.query(
      `update ${quoted(name)} set ${sets.join(', ')} where ${keys.join(' and ')}`,
      values,
    );
    if (rowCount !== 1) throw new BackupFault(`${name}: the row that was changed is not there`);
  }

  /** A row that went with another one, by its foreign key, is not there any more. */
  async #delete({ name, columns }: Relation, key: Row): Promise<void> {
    const keys = columns.flatMap((column, at) =>
      column.isKey ? [{ name: column.name, value: key[at] }] : [],
    );
    await this.#needs.client.query(
      `delete from ${quoted(name)} where ${keys.map((of, at) => `${quoted(of.name)} = $${at + 1}`).join(' and ')}`,
      keys.map(({ value }) => value ?? null),
    );
  }
}

/** @throws BackupFault always */
function refuse(error: Error): never {
  throw new BackupFault(`a change does not fit the backup: ${error.message}`);
}

function parsed(bytes: Uint8Array): Message {
  try {
    return parseMessage(bytes);
  } catch (error) {
    throw error instanceof MessageFault ? new BackupFault(error.message) : error;
  }
}
