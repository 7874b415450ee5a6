import { type Known, minuteOfWeekIn, type Rule, type RuleFacts } from '@wardline/watch';
import { type RawBuilder, sql } from 'kysely';
import type { Executor } from '../../../store/database.ts';
import { ZonesInForce } from '../../segmentation/index.ts';

interface Row {
  name: string;
  class: string | null;
  criticality: string;
  ips: string[];
  macs: string[];
  zones: string[];
}

/** An address that several assets have is nobody's, and still not unknown. */
const shared: RuleFacts = { name: '', class: '', criticality: 'unknown', zones: [] };

/** What rules ask of the devices of a site, and of its clock. Zones are those of the policy in force. */
export async function knownOf(database: Executor, site: number, rules: readonly Rule[]): Promise<Known> {
  const rows = await assetsOf(database, site, zonesNamed(rules));
  const facts = new Map<string, RuleFacts>();
  for (const { ips, macs, ...fact } of rows)
    for (const address of new Set([...ips, ...macs])) facts.set(address, facts.has(address) ? shared : fact);
  return {
    factsOf: (device) => facts.get(device) ?? null,
    minuteOfWeek: minuteOfWeekIn(await zoneOf(database, site)),
  };
}

function zonesNamed(rules: readonly Rule[]): string[] {
  const terms = rules.flatMap(({ from, to }) =>
    [from, to].flatMap((side) => (side === null ? [] : [...side.any, ...side.except])),
  );
  return [...new Set(terms.flatMap((term) => (term.kind === 'zone' ? [term.name] : [])))];
}

async function assetsOf(database: Executor, site: number, zones: readonly string[]): Promise<Row[]> {
  const holds = await new ZonesInForce(database).rulesOf(zones);
  const parts: RawBuilder<unknown>[] = [...holds].map(
    ([name, members]) => sql`case when ${members('a')} then ${name}::text end`,
  );
  const held = parts.length === 0 ? sql`'{}'::text[]` : sql`array_remove(array[${sql.join(parts)}], null)`;
  const { rows } = await sql<Row>`
    select a.name, nullif(a.class, '') as class, a.criticality, a.ips, a.macs, ${held} as zones
    from asset a where a.site = ${site} and not a.gone order by a.id`.execute(database);
  return rows;
}

async function zoneOf(database: Executor, site: number): Promise<string> {
  const { rows } = await sql<{ zone: string }>`select time_zone as zone from site where id = ${site}`.execute(
    database,
  );
  return rows[0]?.zone ?? 'UTC';
}
