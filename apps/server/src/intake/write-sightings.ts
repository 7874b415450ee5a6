import { endpointKey, MARKS_PER_SIGHTING, type Sighting } from '@wardline/model';
import { sql } from 'kysely';
import type { Executor } from '../store/database.ts';
import { mergeSightings } from './merge.ts';

/** Adds up the sightings of a batch with what is known already. */
export async function writeSightings(
  transaction: Executor,
  sightings: readonly Sighting[],
  ids: ReadonlyMap<string, number>,
): Promise<void> {
  if (sightings.length === 0) return;
  const rows = mergeSightings(sightings);
  const of = <T>(pick: (s: Sighting) => T) => rows.map(({ sighting }) => pick(sighting));
  await sql`
    insert into sighting (endpoint_id, digest, kind, transport, port, peer_id, facts, marks, first_seen, last_seen,
      count, capture, packet)
    select e, decode(d, 'hex'), k, t, p, q, f,
      (select coalesce(array_agg(value), '{}') from jsonb_array_elements_text(m)), a, z, n, c, r
    from unnest(
      ${of((s) => ids.get(endpointKey(s.subject)))}::bigint[], ${rows.map((row) => row.digest)}::text[],
      ${of((s) => s.kind)}::text[], ${of((s) => s.service?.transport ?? null)}::text[],
      ${of((s) => s.service?.port ?? null)}::int[],
      ${of((s) => (s.peer ? ids.get(endpointKey(s.peer)) : null))}::bigint[],
      ${of((s) => JSON.stringify(s.facts))}::jsonb[], ${of((s) => JSON.stringify(s.marks))}::jsonb[],
      ${of((s) => s.firstSeen)}::bigint[], ${of((s) => s.lastSeen)}::bigint[], ${of((s) => s.count)}::bigint[],
      ${of((s) => s.evidence.capture)}::text[], ${of((s) => s.evidence.packet)}::bigint[]
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
