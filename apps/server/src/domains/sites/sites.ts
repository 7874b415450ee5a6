import { formatMicros, type Site, type siteAddBody, type siteChangeBody } from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { act } from '../../ledger/append.ts';
import type { Executor } from '../../store/database.ts';
import type { Scope } from '../access/index.ts';

/** @throws Refusal where there is no such site */
export async function knownSite(database: Executor, id: number): Promise<void> {
  const { rows } = await sql`select 1 from site where id = ${id}`.execute(database);
  if (rows.length === 0) throw new Refusal('invalid-request', `site: there is no site ${id}`);
}

export async function siteNames(database: Executor): Promise<Map<number, string>> {
  const { rows } = await sql<{ id: number; name: string }>`select id, name from site`.execute(database);
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** The sites of a scope in the order of their names; null scope: every site. */
export async function listSites(
  database: Executor,
  now: number,
  scope: readonly Scope[] | null,
): Promise<Site[]> {
  const { rows } = await sql<Omit<Site, 'lastBatch'> & { last: number | null }>`
    select s.id, s.name, s.region, s.time_zone as "timeZone",
      (select count(*) from asset a where a.site = s.id and not a.gone) as assets,
      (select coalesce(array_agg(distinct substr(g.holder, 8) order by substr(g.holder, 8)), '{}') from role_grant g
        where g.role = 'sensor' and g.ended is null and (g.until is null or g.until > ${now})
          and coalesce(g.sites, '{1}') = array[s.id]) as sensors,
      (select (extract(epoch from max(b.at)) * 1000000)::bigint from batch b where b.site = s.id) as last
    from site s order by s.name`.execute(database);
  const seen = (id: number) =>
    scope === null || scope.some(({ sites }) => sites === null || sites.includes(id));
  return rows
    .filter(({ id }) => seen(id))
    .map(({ last, ...site }) => ({ ...site, lastBatch: last === null ? null : formatMicros(last) }));
}

/** @returns the number of the new site */
export async function addSite(context: Context, actor: string, body: z.infer<typeof siteAddBody>) {
  const { name, region, timeZone, reason } = body;
  const id = await nextNumber(context.database);
  const what = { action: 'site.add', subject: `site:${id}`, changes: { name, region, timeZone }, reason };
  await act(context.database, { at: context.now(), actor, ...what }, async (transaction) => {
    await refuseTaken(transaction, name, id);
    await sql`insert into site (id, name, region, time_zone) values (${id}, ${name}, ${region}, ${timeZone})`.execute(
      transaction,
    );
  });
  return { id };
}

export async function changeSite(
  context: Context,
  actor: string,
  id: number,
  { reason, ...changes }: z.infer<typeof siteChangeBody>,
) {
  const what = { action: 'site.change', subject: `site:${id}`, changes, reason };
  await act(context.database, { at: context.now(), actor, ...what }, async (transaction) => {
    if (changes.name !== undefined) await refuseTaken(transaction, changes.name, id);
    const { rows } = await sql`
      update site set name = coalesce(${changes.name ?? null}, name), region = coalesce(${changes.region ?? null}, region),
        time_zone = coalesce(${changes.timeZone ?? null}, time_zone) where id = ${id} returning 1`.execute(
      transaction,
    );
    if (rows.length === 0) throw new Refusal('not-found', `There is no site ${id}`);
  });
  return { id };
}

async function nextNumber(database: Executor): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    select nextval(pg_get_serial_sequence('site', 'id'))::int as id`.execute(database);
  return rows[0]!.id;
}

async function refuseTaken(database: Executor, name: string, id: number): Promise<void> {
  const { rows } = await sql`select 1 from site where lower(name) = lower(${name}) and id <> ${id}`.execute(
    database,
  );
  if (rows.length > 0) throw new Refusal('conflict', `name: there is a site ${name} already`);
}
