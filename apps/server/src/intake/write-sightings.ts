import { type Endpoint, MARKS_PER_SIGHTING, type Sighting } from '@wardline/model';
import { sql } from 'kysely';
import type { Executor } from '../store/database.ts';
import { numberArray, textArray } from './arrays.ts';
import { mergeSightings } from './merge.ts';

/** Adds up the sightings of a batch with what is known already. */
export async function writeSightings(
  transaction: Executor,
  site: number,
  sightings: readonly Sighting[],
  idOf: (endpoint: Endpoint) => number,
): Promise<void> {
  if (sightings.length === 0) return;
  const rows = mergeSightings(sightings);
  const big = (pick: (s: Sighting) => number | null) =>
    sql`${numberArray(rows, ({ sighting }) => pick(sighting))}::bigint[]`;
  const text = (pick: (s: Sighting) => string | null) =>
    sql`${textArray(rows, ({ sighting }) => pick(sighting))}::text[]`;
  await sql`
    insert into sighting (site, endpoint_id, digest, kind, transport, port, peer_id, facts, marks, first_seen, last_seen,
      count, capture, packet)
    select ${site}::int, e, decode(d, 'hex'), k, t, p, q, f,
      case when m = '[]' then '{}' else (select array_agg(value) from jsonb_array_elements_text(m)) end, a, z, n, c, r
    from unnest(
      ${big((s) => idOf(s.subject))}, ${textArray(rows, (row) => row.digest)}::text[],
      ${text((s) => s.kind)}, ${text((s) => s.service?.transport ?? null)},
      ${numberArray(rows, ({ sighting }) => sighting.service?.port ?? null)}::int[],
      ${big((s) => (s.peer ? idOf(s.peer) : null))},
      ${textArray(rows, ({ sighting }) => JSON.stringify(sighting.facts))}::jsonb[],
      ${textArray(rows, ({ sighting }) => JSON.stringify(sighting.marks))}::jsonb[],
      ${big((s) => s.firstSeen)}, ${big((s) => s.lastSeen)}, ${big((s) => s.count)},
      ${text((s) => s.evidence.capture)}, ${big((s) => s.evidence.packet)}
    ) as row (e, d, k, t, p, q, f, m, a, z, n, c, r)
    on conflict (site, endpoint_id, digest) do update set
      count = sighting.count + excluded.count,
      marks = case when excluded.marks <@ sighting.marks then sighting.marks else (
        select array_agg(mark order by place) from (
          select mark, min(place) as place from unnest(sighting.marks || excluded.marks) with ordinality as u (mark, place)
          group by mark order by 2 limit ${MARKS_PER_SIGHTING}) as kept) end,
      first_seen = least(sighting.first_seen, excluded.first_seen),
      last_seen = greatest(sighting.last_seen, excluded.last_seen),
      capture = case when excluded.first_seen < sighting.first_seen then excluded.capture else sighting.capture end,
      packet = case when excluded.first_seen < sighting.first_seen then excluded.packet else sighting.packet end`.execute(
    transaction,
  );
}
