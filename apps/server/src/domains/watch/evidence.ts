import type { EvidenceMember } from '@wardline/model';
import { sql } from 'kysely';
import { factOf, type Gatherer } from '../../evidence/index.ts';
import type { Executor } from '../../store/database.ts';

const DAY = 86_400_000_000;
/** For how long a story at which somebody looked too late stays named. */
const LATE_MICROS = 30 * DAY;

interface Grave {
  id: string;
  title: string;
  due: number;
  looked_at: number | null;
}

/**
 * Whether somebody looked at every grave story within its time. It is as old as the site that was watched longest ago; what could not
 * be watched lately leaves it open.
 */
export const watchEvidence: Gatherer = async ({ database }, at) => {
  const { rows: grave } = await sql<Grave>`
    select id, title, due, looked_at from watch_story
    where due is not null and (looked_at is null or told > ${at - LATE_MICROS}) order by due, id`.execute(
    database,
  );
  const sites = await unwatched(database, at);
  const { rows } = await sql<{
    as_of: number | null;
  }>`select min(coalesce(last_run, 0)) as as_of from watch_site`.execute(database);
  const members = [...grave.flatMap((story) => lateness(story, at)), ...sites];
  return [
    factOf('watch.triaged', {
      asOf: rows[0]?.as_of ?? null,
      population: grave.length,
      members,
      holdsOfNone: rows[0]?.as_of !== null,
    }),
  ];
};

function lateness({ id, title, due, looked_at: looked }: Grave, at: number): EvidenceMember[] {
  if ((looked ?? at) <= due) return [];
  const note =
    looked === null
      ? 'Nobody has looked at it, and its time is up.'
      : 'Somebody looked at it, after its time was up.';
  return [{ kind: 'other', id: `story:${id}`, name: title, answer: 'fails', note }];
}

/** Sites of which something was not watched within the last day, or waits for longer. */
async function unwatched(database: Executor, at: number): Promise<EvidenceMember[]> {
  const { rows } = await sql<{ id: number; name: string; lost: number; waits: boolean }>`
    select p.id, p.name, coalesce((select sum(l.rows) from watch_loss l where l.site = p.id and l.last_at > ${at - DAY}), 0) as lost,
      exists (select from watch_inbox i where i.site = p.id and i.received < ${at - DAY}) as waits
    from watch_site w join site p on p.id = w.site order by p.name`.execute(database);
  return rows
    .filter(({ lost, waits }) => lost > 0 || waits)
    .map(({ id, name, lost }) => ({
      kind: 'other',
      id: `site:${id}`,
      name,
      answer: 'unknown',
      note:
        lost > 0
          ? `${lost} rows of what its sensors sent were not watched within the last day or so.`
          : 'What its sensors sent more than a day ago waits to be watched.',
    }));
}
