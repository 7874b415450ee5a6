import type { Harm, Overview, Severity } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { whereAll } from '../../http/list.ts';
import type { Scope } from '../access/index.ts';
import { watchedWithin } from './plan.ts';

type Todo = Overview['todo'][number];

const DAY = 86_400_000_000;
/** Two weeks have every weekday twice; the monthly job a person has to think of. */
const LEARNT_ENOUGH = 14 * DAY;

/** What of the watch somebody has to see to: grave stories that nobody has, learning without an end, what was begun anew. */
export async function watchTodo(context: Context, scope: readonly Scope[] | null): Promise<Todo[]> {
  return [...(await waiting(context, scope)), ...(scope === null ? await learning(context) : [])];
}

async function waiting({ database, now }: Context, scope: readonly Scope[] | null): Promise<Todo[]> {
  const where = [sql`s.state = 'open'`, sql`s.severity in ('critical', 'high')`, ...watchedWithin(scope)];
  const { rows } = await sql<{
    n: number;
    late: number;
    titles: string[];
    severity: Severity;
    harms: Harm[];
    assets: number;
  }>`
    select count(*)::int as n, (count(*) filter (where s.looked_at is null and s.due < ${now()}))::int as late,
      (array_agg(s.title order by s.urgency, s.id))[1:3] as titles,
      (array_agg(s.severity order by s.severity_rank))[1] as severity,
      coalesce((array_agg(to_jsonb(s.harms) order by s.urgency, s.id))[1], '[]'::jsonb) as harms,
      (select count(distinct a)::int from watch_story s, unnest(s.assets) a ${whereAll(where)}) as assets
    from watch_story s ${whereAll(where)}`.execute(database);
  const { n, late, titles, severity, harms, assets } = rows[0]!;
  if (n === 0) return [];
  const more = n > titles.length ? ` and ${n - titles.length} more` : '';
  const lateWords = late === 0 ? '' : ` At ${late} of them nobody looked in time.`;
  return [
    {
      id: 'watch-waiting',
      title: 'Grave stories that nobody has',
      why: `${titles.join('; ')}${more}.${lateWords}`,
      severity,
      harms,
      assets,
      link: '/stories?state=open&severity=critical,high',
      action: 'Take each: look at what was seen, and do what stands there first.',
    },
  ];
}

async function learning({ database, now }: Context): Promise<Todo[]> {
  const { rows } = await sql<{ name: string; devices: number; held: number; faulty: boolean }>`
    select p.name, w.devices, w.held_back_count as held, w.fault is not null as faulty
    from watch_site w join site p on p.id = w.site
    where w.mode = 'learning' and (w.fault is not null or (w.devices > 0 and w.since < ${now() - LEARNT_ENOUGH})) order by p.name`.execute(
    database,
  );
  if (rows.length === 0) return [];
  const names = rows.map(({ name }) => name).join(', ');
  const devices = rows.reduce((sum, row) => sum + row.devices, 0);
  const held = rows.reduce((sum, row) => sum + row.held, 0);
  const faulty = rows.filter((row) => row.faulty).map(({ name }) => name);
  return [
    {
      id: 'watch-learning',
      title: 'The watch still learns what is normal',
      why:
        faulty.length > 0
          ? `At ${faulty.join(', ')} what was learnt could not be used, and learning began anew. Until it ends, what is merely new is not told.`
          : `At ${names} it has learnt for more than two weeks. Until learning ends, what is merely new is not told. ${held} devices were held back.`,
      severity: 'medium',
      harms: ['operations'],
      assets: devices,
      link: '/watch',
      action: 'Look at what was learnt and what was held back, and end learning.',
    },
  ];
}
