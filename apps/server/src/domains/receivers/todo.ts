import type { Overview } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { AWAY_MICROS } from './limits.ts';

/** Receivers that cannot be served for a while: somebody has to look what is in the way. */
export async function receiverTodo({ database, now }: Context): Promise<Overview['todo']> {
  const { rows } = await sql<{ name: string; trouble: string; waiting: number }>`
    select r.name, s.trouble, (select last from watch_counter) - s.sent as waiting
    from alert_receiver r join alert_receiver_state s on s.receiver = r.id
    where r.removed is null and not r.paused and s.trouble_since < ${now() - AWAY_MICROS} order by r.name`.execute(
    database,
  );
  if (rows.length === 0) return [];
  const each = rows.map(({ name, trouble, waiting }) => `${name}: ${trouble}; ${waiting} wait`);
  return [
    {
      id: 'receiver-away',
      title:
        rows.length === 1 ? 'Alerts do not reach a receiver' : `Alerts do not reach ${rows.length} receivers`,
      why: `${each.join('. ')}. Who relies on them is not told of what the watch finds.`,
      severity: 'high',
      harms: ['operations'],
      assets: 0,
      link: '/receivers',
      action: 'See whether the receiver runs, whether its certificate holds, and what lies between.',
    },
  ];
}
