import { sql, type Transaction } from 'kysely';
import { append } from '../ledger/append.ts';
import type { Database, Executor } from '../store/database.ts';
import type { Tables } from '../store/tables.ts';
import { ACCOUNTS, PLATFORM } from './columns.ts';
import { type DataKey, keyOf, openWith, sealWith, unwrap, wrap } from './envelope.ts';
import { KeysError } from './keys-error.ts';
import { ZONE_CHARACTERS } from './limits.ts';
import { locked } from './lock.ts';
import { insertMaster, type Master, masterInUse, newMaster, openMaster } from './master/master.ts';
import type { MasterConfig } from './master/source.ts';
import { type DataKeyRow, dataKeys, insertDataKey, retireDataKey } from './store.ts';

export interface KeyringNeeds {
  database: Database;
  config: MasterConfig;
  dataDir: string;
  now: () => number;
}

/**
 * Seals and opens secrets of the database, each under the key of its zone (a part of the platform, as `accounts`, or a zone of the hospital).
 * Zones' keys lie in the database wrapped under the master key, which never does. A key that is lost or spoilt closes its own zone only.
 */
export class Keyring {
  readonly #needs: KeyringNeeds;
  #master: Master;
  #keys: ReadonlyMap<string, DataKey> = new Map();
  #inUse: ReadonlyMap<string, string> = new Map();

  private constructor(needs: KeyringNeeds, master: Master) {
    this.#needs = needs;
    this.#master = master;
  }

  /** @throws ConfigError where no configured key opens what is there */
  static async open(needs: KeyringNeeds): Promise<Keyring> {
    const { database, config, dataDir, now } = needs;
    const found = await locked(database, async (transaction) => {
      const row = await masterInUse(transaction);
      if (row !== null) return row;
      const master = await newMaster(config.now(), dataDir, now());
      await insertMaster(transaction, master);
      for (const zone of [ACCOUNTS, PLATFORM]) await insertDataKey(transaction, master, zone, now());
      return master.row;
    });
    const { master, isCurrent } = await openMaster(config, found, dataDir);
    const keyring = new Keyring(needs, master);
    await keyring.reload();
    if (!isCurrent) await keyring.#followConfiguration();
    return keyring;
  }

  /** What is configured now is another key than the one that opened: everything is wrapped under it. */
  async #followConfiguration(): Promise<void> {
    await this.changeMaster(async (transaction, changes) => {
      const what = { action: 'key.rotate-master', subject: 'master key', changes, reason: null };
      await append(transaction, { at: this.#needs.now(), actor: 'server', ...what });
    });
  }

  get master(): Master['row'] {
    return this.#master.row;
  }

  /** Whether the zone's key could be unwrapped. */
  isOpen(id: string): boolean {
    return this.#keys.has(id);
  }

  /** Which keys values are sealed by now. */
  current(): string[] {
    return [...this.#inUse.values()];
  }

  /** Takes up keys that were made since, by this server or another; what was open stays open. */
  async reload(): Promise<void> {
    await this.#followMaster();
    const rows = (await dataKeys(this.#needs.database)).filter(({ wrapped }) => wrapped !== null);
    this.#keys = new Map(
      rows.flatMap((row) => {
        const key = unwrap(this.#master.secret, row.wrapped!, row) ?? this.#keys.get(row.id);
        return key === undefined ? [] : [[row.id, key] as const];
      }),
    );
    this.#inUse = new Map(rows.filter(({ retired }) => retired === null).map(({ zone, id }) => [zone, id]));
  }

  /** Another server changed the master key: this one goes over to it as soon as it is configured here too. */
  async #followMaster(): Promise<void> {
    const { database, config, dataDir } = this.#needs;
    const row = await masterInUse(database);
    if (row === null || row.id === this.#master.row.id) return;
    const opened = await openMaster(config, row, dataDir).catch(() => null);
    if (opened !== null) this.#master = opened.master;
  }

  /** Seals for a place: table and row. @throws KeysError where the zone's key is lost */
  async seal(plain: Uint8Array, place: string, zone: string): Promise<Buffer> {
    if (!this.#inUse.has(zone)) await this.#makeZone(zone);
    const key = this.#keys.get(this.#inUse.get(zone) ?? '');
    if (key === undefined) throw new KeysError('zone-closed', `The key of ${zone} cannot be opened`);
    return sealWith(key, plain, place);
  }

  /** Null where it was not sealed for this place, or the key of its zone is lost. */
  async open(sealed: Uint8Array, place: string): Promise<Buffer | null> {
    const id = keyOf(sealed);
    if (id === null) return null;
    if (!this.#keys.has(id)) await this.reload();
    const key = this.#keys.get(id);
    return key === undefined ? null : openWith(key, sealed, place);
  }

  /** The zone of the key by which a value was sealed; null where it is unknown. */
  zoneOf(sealed: Uint8Array): string | null {
    return this.#keys.get(keyOf(sealed) ?? '')?.zone ?? null;
  }

  async #makeZone(zone: string): Promise<void> {
    if (zone.length === 0 || zone.length > ZONE_CHARACTERS)
      throw new RangeError(`no name of a zone: ${zone}`);
    const { database, now } = this.#needs;
    await locked(database, async (transaction) => {
      const isNew = await insertDataKey(transaction, this.#master, zone, now());
      const what = { action: 'key.make', subject: `zone:${zone}`, changes: {}, reason: null };
      if (isNew) await append(transaction, { at: now(), actor: 'server', ...what });
    });
    await this.reload();
  }

  /**
   * A new key for a zone. What is there stays readable by the old one, until it has been sealed anew. `record` writes the act in the same
   * transaction. Null where there is no such zone.
   */
  async changeZone(zone: string, record: Recorder): Promise<{ before: string; after: string } | null> {
    const { database, now } = this.#needs;
    await this.#mustHoldMaster();
    const before = await locked(database, async (transaction) => {
      const retired = await retireDataKey(transaction, zone, now());
      if (retired === null) return null;
      await insertDataKey(transaction, this.#master, zone, now());
      await record(transaction, { zone, before: retired });
      return retired;
    });
    await this.reload();
    return before === null ? null : { before, after: this.#inUse.get(zone)! };
  }

  /**
   * A new master key, from what is configured now: every zone's key is wrapped under it in one transaction, so that a crash leaves
   * either all under the old one or all under the new. Keys that the old one did not open are left as they are.
   */
  async changeMaster(record: Recorder): Promise<{ before: string; after: string; keys: number }> {
    const { database, config, dataDir, now } = this.#needs;
    await this.#mustHoldMaster();
    const before = this.#master.row.id;
    const { master, keys } = await locked(database, async (transaction) => {
      await this.#mustStillBe(transaction, before);
      const next = await newMaster(config.now(), dataDir, now());
      await sql`update master_key set retired = ${now()} where id = ${before}`.execute(transaction);
      await insertMaster(transaction, next);
      const moved = await this.#rewrap(transaction, next);
      const { kind, place } = next.row;
      await record(transaction, { before, after: next.row.id, kind, place, keys: moved });
      return { master: next, keys: moved };
    });
    this.#master = master;
    await this.reload();
    return { before, after: master.row.id, keys };
  }

  async #rewrap(transaction: Executor, next: Master): Promise<number> {
    const rows = (await dataKeys(transaction)).filter(({ wrapped }) => wrapped !== null);
    let moved = 0;
    for (const row of rows) moved += (await this.#rewrapOne(transaction, row, next)) ? 1 : 0;
    return moved;
  }

  async #rewrapOne(transaction: Executor, row: DataKeyRow, next: Master): Promise<boolean> {
    const key = unwrap(this.#master.secret, row.wrapped!, row);
    if (key === null) return false;
    await sql`update data_key set wrapped = ${wrap(next.secret, key)}, master = ${next.row.id}
      where id = ${row.id}`.execute(transaction);
    return true;
  }

  /** Another server on the same database may have changed it. @throws KeysError */
  async #mustHoldMaster(): Promise<void> {
    await this.#mustStillBe(this.#needs.database, this.#master.row.id);
  }

  async #mustStillBe(database: Executor, id: string): Promise<void> {
    if ((await masterInUse(database))?.id !== id)
      throw new KeysError(
        'no-master',
        'Another server changed the master key; start this one again with the key that is in use',
      );
  }
}

/** Writes the act of a change into the ledger, within its transaction. */
export type Recorder = (
  transaction: Transaction<Tables>,
  changes: Record<string, unknown>,
) => Promise<unknown>;
