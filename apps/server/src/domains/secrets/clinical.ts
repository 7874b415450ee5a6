import { sql } from 'kysely';
import type { Context } from '../../context.ts';

/** Groups of devices of which everybody knows that no care depends on them. */
const groupsOutside = ({ knowledge }: Pick<Context, 'knowledge'>): string[] =>
  [...knowledge.taxonomy.groups.values()]
    .filter(({ id, clinical }) => !clinical && id !== 'other')
    .map(({ id }) => id);

/** True in the database for assets of care, and for those of which nobody knows; `a` is the asset. */
export const clinicalWhere = (context: Pick<Context, 'knowledge'>) =>
  sql<boolean>`(not a.grp = any(${groupsOutside(context)}::text[]) or a.criticality in ('life-critical', 'high'))`;

/** Whether nothing may be sent to the asset without a person's order each time. */
export async function isClinical(
  context: Pick<Context, 'database' | 'knowledge'>,
  asset: string,
): Promise<boolean> {
  const { rows } = await sql<{ clinical: boolean }>`
    select ${clinicalWhere(context)} as clinical from asset a where a.id = ${asset}`.execute(
    context.database,
  );
  return rows[0]?.clinical ?? true;
}
