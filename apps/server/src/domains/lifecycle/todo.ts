import type { Overview } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { whereAll } from '../../http/list.ts';
import { assetsWithin, type Scope } from '../access/index.ts';

/** Devices that are lost or disposed of, and speak. */
export async function lifecycleTodo(
  { database }: Context,
  scope: readonly Scope[] | null,
): Promise<Overview['todo']> {
  const { rows } = await sql<{ n: number; names: string[] }>`
    select count(*) as n, (array_agg(a.name order by a.name))[1:3] as names from asset a join lifecycle l on l.asset_id = a.id
    ${whereAll([sql`not a.gone`, sql`l.state in ('lost', 'decommissioned')`, sql`a.last_seen > l.since`, ...assetsWithin(scope)])}`.execute(
    database,
  );
  const { n, names } = rows[0]!;
  if (n === 0) return [];
  return [
    {
      id: 'lifecycle-returned',
      title: 'Devices that are lost or disposed of were seen',
      why: `${names.join(', ')}${n > names.length ? ` and ${n - names.length} more` : ''} spoke after they had left.`,
      severity: 'high',
      harms: ['privacy', 'operations'],
      assets: n,
      link: '/lifecycle?state=lost,decommissioned',
      action: 'Find out where each is and who uses it; shut it out until that is known.',
    },
  ];
}
