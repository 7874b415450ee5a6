import type { Overview } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { whereAll } from '../../http/list.ts';
import { assetsWithin, type Scope } from '../access/index.ts';
import { isOpen } from './standing.ts';

/** Devices that may be recalled, on which nobody has decided or of which nothing is done yet. */
export async function recallTodo(
  { database }: Context,
  scope: readonly Scope[] | null,
): Promise<Overview['todo']> {
  const { rows } = await sql<{ n: number; names: string[]; notices: string[] }>`
    select count(distinct a.id)::int as n, (array_agg(distinct a.name))[1:3] as names, (array_agg(distinct r.firm || ' ' || r.number))[1:2] as notices
    from recall_match m join recall r on r.id = m.recall_id join asset a on a.id = m.asset_id
    ${whereAll([sql`not a.gone`, isOpen, ...assetsWithin(scope)])}`.execute(database);
  const { n, names, notices } = rows[0]!;
  if (n === 0) return [];
  return [
    {
      id: 'recalls-open',
      title: 'Devices that may be recalled',
      why: `${names.join(', ')}${n > names.length ? ` and ${n - names.length} more` : ''}, by ${notices.join(', ')}.`,
      severity: 'high',
      harms: ['patient', 'operations'],
      assets: n,
      link: '/recalls?only=open',
      action: 'Hold the numbers on their labels against the notice, and say whether each is meant.',
    },
  ];
}
