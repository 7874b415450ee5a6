import { type AllowedRow, formatMicros } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { namedDevices } from './named.ts';

/** What people called normal and is so now, the latest first. */
export async function listAllowed({ database, now }: Context): Promise<AllowedRow[]> {
  const { rows } = await sql<
    Omit<AllowedRow, 'asset' | 'name' | 'since' | 'until'> & { since: number; until: number | null }
  >`
    select w.id, jsonb_build_object('id', p.id, 'name', p.name) as site, w.device, w.detection, w.story, w.actor as by, w.reason,
      w.since, w.until from watch_allowed w join site p on p.id = w.site
    where w.ended is null and (w.until is null or w.until > ${now()}) order by w.since desc, w.id limit 1000`.execute(
    database,
  );
  const names = new Map<string, { asset: string | null; name: string }>();
  for (const site of new Set(rows.map((row) => row.site.id))) {
    const devices = [...new Set(rows.filter((row) => row.site.id === site).map(({ device }) => device))];
    for (const one of await namedDevices(database, site, devices)) names.set(`${site} ${one.device}`, one);
  }
  return rows.map(({ since, until, ...row }) => {
    const { asset, name } = names.get(`${row.site.id} ${row.device}`)!;
    return {
      ...row,
      asset,
      name,
      since: formatMicros(since),
      until: until === null ? null : formatMicros(until),
    };
  });
}
