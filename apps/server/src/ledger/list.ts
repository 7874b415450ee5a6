import { formatMicros, type ledgerEntrySchema, type ledgerQuery, parseMicros } from '@wardline/model';
import { type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import type { ListPlan } from '../http/list.ts';
import { Refusal } from '../http/problems.ts';

type Listed = z.infer<typeof ledgerEntrySchema>;

interface Row extends Omit<Listed, 'at' | 'erased'> {
  at: number;
  names: string[];
  entry: string;
}

/** Acts with their personal texts as far as they are there, and with the names by which actors are known. */
export function ledgerPlan(query: z.infer<typeof ledgerQuery>): ListPlan<Row> {
  const sequence = { expression: sql.raw('l.sequence'), kind: 'number' as const };
  return {
    // What belongs to a row is looked up for the rows of a page: the whole list is counted without it.
    from: sql`ledger l`,
    columns: sql.raw(`l.sequence, l.at, l.actor, l.action, l.subject, l.changes, l.entry,
      coalesce(case when l.actor like 'person:%'
        then (select p.name from person p where p.id::text = substr(l.actor, 8)) end, l.actor) as "actorName",
      coalesce((select value from ledger_personal r where r.sequence = l.sequence and r.name = 'reason'), l.reason) as reason,
      array(select name from ledger_personal t where t.sequence = l.sequence) as names`),
    where: conditions(query),
    id: sequence,
    sorts: { sequence, at: { ...sequence, expression: sql.raw('l.at') } },
    defaultSort: 'sequence',
    row: describeRow,
  };
}

export function describeRow({ at, names, entry, ...row }: Row): Listed {
  const { commitments = {} } = JSON.parse(entry ?? '{}') as { commitments?: Record<string, string> };
  const erased = Object.keys(commitments).filter((name) => !names.includes(name));
  return { ...row, at: formatMicros(at), erased };
}

/** A subject or action by its whole name, or all of a kind: `asset`, `register`. */
export function conditions({
  actor,
  subject,
  action,
  from,
  to,
}: Pick<z.infer<typeof ledgerQuery>, 'actor' | 'subject' | 'action' | 'from' | 'to'>): RawBuilder<unknown>[] {
  return [
    ...(actor === undefined ? [] : [isActor(actor)]),
    ...(subject === undefined
      ? []
      : [sql`(l.subject = ${subject} or starts_with(l.subject, ${`${subject}:`}))`]),
    ...(action === undefined ? [] : [sql`(l.action = ${action} or starts_with(l.action, ${`${action}.`}))`]),
    ...(from === undefined ? [] : [sql`l.at >= ${timeOf('from', from)}`]),
    ...(to === undefined ? [] : [sql`l.at < ${timeOf('to', to)}`]),
  ];
}

/** By the name in the ledger, or by that of a person. */
function isActor(name: string): RawBuilder<unknown> {
  const ids = sql`select 'person:' || id::text from person where lower(name) = lower(${name})`;
  return sql`(l.actor = ${name} or l.actor in (${ids}))`;
}

function timeOf(name: string, text: string): number {
  const time = parseMicros(text);
  if (time === null)
    throw new Refusal('invalid-request', `${name}: expected a time, as 2026-11-25T00:00:00Z`);
  return time;
}
