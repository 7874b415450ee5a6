import { parsePolicy, type Zone } from '@wardline/policy';
import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../../store/database.ts';
import { membersOf } from './membership.ts';

interface Kept {
  version: number;
  zones: ReadonlyMap<string, Zone>;
}

/** The zones of the policy in force, for whoever may see or do something within them only. */
export class ZonesInForce {
  readonly #database: Database;
  #kept: Kept = { version: 0, zones: new Map() };

  constructor(database: Database) {
    this.#database = database;
  }

  /** True for the assets of a zone, by the alias of their table; for none where no policy in force has such a zone. */
  async rulesOf(
    names: readonly string[],
  ): Promise<ReadonlyMap<string, (alias: string) => RawBuilder<unknown>>> {
    const zones = await this.#zones();
    return new Map(
      names.map((name) => {
        const zone = zones.get(name);
        return [name, (alias: string) => (zone === undefined ? sql`false` : membersOf(zone, alias))];
      }),
    );
  }

  /** The zones that hold an asset; null where no policy is in force. */
  async holding(id: string): Promise<string[] | null> {
    const zones = await this.#zones();
    if (zones.size === 0) return null;
    const tests = [...zones.values()].map(
      (zone) => sql`select ${zone.name}::text as name where ${membersOf(zone, 'a')}`,
    );
    const { rows } = await sql<{ name: string }>`select z.name from asset a
      cross join lateral (${sql.join(tests, sql` union all `)}) z where a.id = ${id} order by 1`.execute(
      this.#database,
    );
    return rows.map(({ name }) => name);
  }

  /** A version's text never changes, so it is read once. */
  async #zones(): Promise<Kept['zones']> {
    const { rows } = await sql<{ number: number }>`
      select number from policy_version where state = 'approved'`.execute(this.#database);
    const version = rows[0]?.number ?? 0;
    if (version !== this.#kept.version) this.#kept = { version, zones: await this.#read(version) };
    return this.#kept.zones;
  }

  async #read(version: number): Promise<Kept['zones']> {
    const { rows } = await sql<{ text: string }>`
      select text from policy_version where number = ${version}`.execute(this.#database);
    const policy = rows[0] === undefined ? null : parsePolicy(rows[0].text).policy;
    return new Map((policy?.zones ?? []).map((zone) => [zone.name, zone]));
  }
}
