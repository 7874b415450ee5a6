import type { Overview } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import type { Principal } from './principal.ts';

type Todo = Overview['todo'][number];

interface Counts {
  running: number;
  unreviewed: number;
  waiting: number;
}

/** What waits for whoever asks: emergencies that run, reviews that are somebody else's than whose they are, and requests. */
export async function accessTodo(context: Context, principal: Principal): Promise<Todo[]> {
  const may = (action: string) =>
    context.authorisation.decide(principal, action, context.now(), false).kind !== 'denied';
  const { running, unreviewed, waiting } = await countsFor(context, principal.id);
  return [
    ...entry(running, {
      id: 'emergency-running',
      title: 'Emergency access runs',
      why: `${running} ${running === 1 ? 'person holds' : 'people hold'} a role that they took in an emergency.`,
      severity: 'high',
      link: '/break-glass',
      action: 'Stand by, and see that it ends when the emergency does.',
    }),
    ...entry(may('emergency.review') ? unreviewed : 0, {
      id: 'emergency-unreviewed',
      title: 'Emergency access to be reviewed',
      why: `${unreviewed} ${unreviewed === 1 ? 'use was' : 'uses were'} looked at by nobody else yet.`,
      severity: 'high',
      link: '/break-glass',
      action: 'Look into what was done, speak with those concerned, and close the review.',
    }),
    ...entry(may('elevation.approve') ? waiting : 0, {
      id: 'elevation-waiting',
      title: 'Roles are asked for',
      why: `${waiting} ${waiting === 1 ? 'request waits' : 'requests wait'} for somebody to decide.`,
      severity: 'medium',
      link: '/access',
      action: 'Approve or refuse each.',
    }),
  ];
}

const entry = (count: number, rest: Omit<Todo, 'assets' | 'harms'>): Todo[] =>
  count === 0 ? [] : [{ assets: 0, harms: ['operations'], ...rest }];

async function countsFor({ database, now }: Context, actor: string): Promise<Counts> {
  const time = now();
  const isRunning = sql`g.ended is null and g.until > ${time}`;
  const { rows } = await sql<Counts>`select
    (select count(*) from emergency e join role_grant g on g.id = e.role_grant where ${isRunning}) as running,
    (select count(*) from emergency e join role_grant g on g.id = e.role_grant
      where e.reviewed is null and not (${isRunning}) and g.holder <> ${actor}) as unreviewed,
    (select count(*) from elevation e where e.decided is null and e.lapses > ${time}
      and e.holder <> ${actor} and e.asked_by <> ${actor}) as waiting`.execute(database);
  return rows[0]!;
}
