import type { Harm, Overview, Severity } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { whereAll } from '../../http/list.ts';
import type { Scope } from '../access/index.ts';
import { watchedWithin } from './plan.ts';

type Todo = Overview['todo'][number];

const DAY = 86_400_000_000;
/** Kinds of stories that are named. */
const TITLES = 3;
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
    titles: { title: string; n: number }[] | null;
    severity: Severity;
    harms: Harm[];
  }>`
    with grave as (select s.* from watch_story s ${whereAll(where)}), titles as (
      select title, count(*)::int as n, min(urgency) as urgency from grave group by title order by min(urgency), title limit ${TITLES})
    select count(*)::int as n, (count(*) filter (where s.looked_at is null and s.due < ${now()}))::int as late,
      (select jsonb_agg(jsonb_build_object('title', title, 'n', n) order by urgency, title) from titles) as titles,
      (array_agg(s.severity order by s.severity_rank))[1] as severity,
      coalesce((array_agg(to_jsonb(s.harms) order by s.urgency, s.id))[1], '[]'::jsonb) as harms
    from grave s`.execute(database);
  const { n, late, titles, severity, harms } = rows[0]!;
  if (n === 0 || titles === null) return [];
  const named = titles.map((one) => (one.n === 1 ? one.title : `${one.title} (${one.n} times)`)).join('; ');
  const rest = n - titles.reduce((sum, one) => sum + one.n, 0);
  const more = rest > 0 ? ` and ${rest} more` : '';
  const lateWords = late === 0 ? '' : ` At ${late} of them nobody looked in time.`;
  return [
    {
      id: 'watch-waiting',
      title: n === 1 ? 'A grave story that nobody has' : `${n} grave stories that nobody has`,
      why: `${named}${more}.${lateWords}`,
      severity,
      harms,
      // It leads to stories, not to devices.
      assets: 0,
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
          : `At ${names} it has learnt for more than two weeks, ${devices} devices. Until learning ends, what is merely new is not told. ${held} were held back.`,
      severity: 'medium',
      harms: ['operations'],
      assets: 0,
      link: '/watch',
      action: 'Look at what was learnt and what was held back, and end learning.',
    },
  ];
}
