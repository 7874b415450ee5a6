import { type EnrolmentRow, type enrolmentListQuery, formatMicros } from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import { type ListPlan, valuesOf } from '../../../http/list.ts';

interface Stored extends Omit<EnrolmentRow, 'asked' | 'lastAsked' | 'decided'> {
  asked: number;
  lastAsked: number;
  decided: number | null;
}

/** Enrolments, those that came first first. */
export function enrolmentPlan({
  state,
}: Pick<z.infer<typeof enrolmentListQuery>, 'state'>): ListPlan<Stored> {
  const states = valuesOf(state);
  return {
    from: sql`enrolment e left join asset a on a.id = e.asset left join person p on e.decided_by = 'person:' || p.id::text`,
    columns: sql`e.id, e.state, e.way, e.profile, e.zone, e.asset, a.name as "assetName", e.maker, e.serial_number as "serialNumber",
      e.misfits, e.assurance, e.key_digest as "keyDigest", e.asked, e.last_asked as "lastAsked", e.decided,
      coalesce(p.name, e.decided_by) as "decidedBy", e.decision, e.certificate`,
    where: states.length === 0 ? [] : [sql`e.state = any(${states}::text[])`],
    id: { expression: sql`e.id::text`, kind: 'text' },
    sorts: { asked: { expression: sql`e.asked`, kind: 'number' } },
    defaultSort: 'asked',
    row: (row) => ({
      ...row,
      asked: formatMicros(row.asked),
      lastAsked: formatMicros(row.lastAsked),
      decided: row.decided === null ? null : formatMicros(row.decided),
    }),
  };
}
