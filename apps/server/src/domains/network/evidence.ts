import type { EvidenceMember } from '@wardline/model';
import { formatMicros } from '@wardline/model';
import { sql } from 'kysely';
import { factOf, type Gatherer } from '../../evidence/index.ts';

const DAY_MICROS = 86_400_000_000;
/** A sensor that could not keep one packet in a hundred tells too little to say that nothing happened. */
const LOSS = 0.01;

interface Row {
  sensor: string;
  heard: number | null;
  live: boolean;
  packets: number;
  lost: number;
}

/** Whether sensors hear, and pass on what they hear. Imported recordings are no sensor that could fall silent. */
export const networkEvidence: Gatherer = async ({ database }, at) => {
  const { rows } = await sql<Row>`
    select sensor, max(last_seen) as heard, bool_or(not finished) as live, sum(packets)::bigint as packets,
      coalesce(sum((select sum(value::bigint) from jsonb_each_text(dropped))), 0)::bigint
        + coalesce(sum((select sum(value::bigint) from jsonb_each_text(evicted))), 0)::bigint as lost
    from stream group by sensor order by sensor`.execute(database);
  const live = rows.filter((row) => row.live);
  const told = (some: readonly Row[], note: (row: Row) => string) =>
    some.map(
      (row): EvidenceMember => ({
        kind: 'sensor',
        id: row.sensor,
        name: row.sensor,
        answer: 'fails',
        note: note(row),
      }),
    );
  const silent = live.filter(({ heard }) => at - (heard ?? 0) > DAY_MICROS);
  const lossy = rows.filter(({ packets, lost }) => lost > packets * LOSS);
  return [
    factOf('monitoring.sensors', {
      asOf: newest(live),
      population: live.length,
      members: told(silent, ({ heard }) => `Silent since ${heard === null ? 'ever' : formatMicros(heard)}.`),
      hindrance: live.length === 0 ? 'No sensor listens: what is known comes from recordings.' : null,
    }),
    factOf('monitoring.complete', {
      asOf: newest(rows),
      population: rows.length,
      members: told(lossy, ({ lost, packets }) => `${lost} of ${packets} packets were lost.`),
    }),
  ];
};

function newest(rows: readonly Row[]): number | null {
  const times = rows.flatMap(({ heard }) => (heard === null ? [] : [heard]));
  return times.length === 0 ? null : Math.max(...times);
}
