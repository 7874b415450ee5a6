import { createHash, randomUUID } from 'node:crypto';
import {
  type AccessPoint,
  type accessPointsBody,
  type accessPointsRemovalBody,
  formatMicros,
} from '@wardline/model';
import type { ApprovedAccessPoint } from '@wardline/watch';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { act } from '../../ledger/append.ts';
import type { Executor } from '../../store/database.ts';
import type { Scope } from '../access/index.ts';
import { knownSite } from '../sites/index.ts';
import { ACCESS_POINTS } from './limits.ts';

/** The list that people keep, of the sites of a scope. */
export async function listAccessPoints(
  { database }: Context,
  scope: readonly Scope[] | null,
): Promise<AccessPoint[]> {
  const { rows } = await sql<Omit<AccessPoint, 'added'> & { added: number }>`
    select id, site, ssid, bssid, added_by as "addedBy", added from access_point
    where removed is null order by site, ssid, bssid`.execute(database);
  const seen = (site: number) =>
    scope === null || scope.some(({ sites }) => sites === null || sites.includes(site));
  return rows
    .filter(({ site }) => seen(site))
    .map(({ added, ...row }) => ({ ...row, added: formatMicros(added) }));
}

/** The list of one site as a watch takes it; null where people keep none there. */
export async function approvedAccessPoints(
  database: Executor,
  site: number,
): Promise<ApprovedAccessPoint[] | null> {
  const { rows } = await sql<ApprovedAccessPoint>`
    select ssid, bssid from access_point where site = ${site} and removed is null order by bssid, ssid`.execute(
    database,
  );
  return rows.length === 0 ? null : rows;
}

/** Somebody says which access points are the house's own; what stands on the list already is left as it is. */
export async function approveAccessPoints(
  context: Context,
  actor: string,
  { site, items, reason }: z.infer<typeof accessPointsBody>,
): Promise<number> {
  await knownSite(context.database, site);
  const at = context.now();
  const changes = { site, count: items.length, first: items.slice(0, 20), digest: digestOf(items) };
  const entry = { at, actor, action: 'wireless.approve', subject: `site:${site}`, changes, reason };
  let added = 0;
  await act(context.database, entry, async (transaction) => {
    const { rows } = await sql`
      insert into access_point (id, site, ssid, bssid, added_by, added)
      select id::uuid, ${site}::int, ssid, bssid, ${actor}, ${at}
      from jsonb_to_recordset(${JSON.stringify(items.map((item) => ({ id: randomUUID(), ...item })))}::jsonb)
        as given (id text, ssid text, bssid text)
      on conflict do nothing returning id`.execute(transaction);
    added = rows.length;
    if (added === 0) throw new Refusal('conflict', 'All of these stand on the list already');
    const { rows: held } = await sql<{ n: number }>`
      select count(*)::int as n from access_point where removed is null`.execute(transaction);
    if (held[0]!.n > ACCESS_POINTS)
      throw new Refusal('conflict', `The list holds ${ACCESS_POINTS} access points at the most`);
  });
  return added;
}

/** They are the house's own no more; they stay on record. */
export async function withdrawAccessPoints(
  context: Context,
  actor: string,
  { ids, reason }: z.infer<typeof accessPointsRemovalBody>,
): Promise<number> {
  const at = context.now();
  const { rows: found } = await sql<ApprovedAccessPoint & { site: number }>`
    select site, ssid, bssid from access_point where id = any(${ids}::uuid[]) and removed is null
    order by bssid, ssid`.execute(context.database);
  const changes = { count: found.length, first: found.slice(0, 20), digest: digestOf(found) };
  const entry = { at, actor, action: 'wireless.withdraw', subject: 'access points', changes, reason };
  await act(context.database, entry, async (transaction) => {
    const { rows } = await sql`update access_point set removed = ${at}
      where id = any(${ids}::uuid[]) and removed is null returning id`.execute(transaction);
    if (rows.length === 0) throw new Refusal('not-found');
    if (rows.length !== found.length)
      throw new Refusal('conflict', 'The list has just been changed by somebody else; look again');
  });
  return found.length;
}

/** By which a long list in the record can be told from another. */
function digestOf(items: readonly ApprovedAccessPoint[]): string {
  const lines = items.map(({ bssid, ssid }) => `${bssid} ${ssid}`).toSorted();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}
