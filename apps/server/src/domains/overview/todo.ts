import type { Overview, Severity } from '@wardline/model';
import { sql } from 'kysely';
import { whereAll } from '../../http/list.ts';
import type { Executor } from '../../store/database.ts';
import { assetsWithin, type Scope } from '../access/index.ts';

type Todo = Overview['todo'][number];
export const TODO_MOST = 10;

/** What to do next: each open rule once with all its assets, then what only a person can settle. Most urgent first. */
export async function todoList(
  database: Executor,
  scope: readonly Scope[] | null,
  counts: { unidentified: number; shadow: number; missing: number },
): Promise<Todo[]> {
  const { rows } = await sql<{
    rule: string;
    title: string;
    severity: Severity;
    harms: Todo['harms'];
    assets: number;
    clinical: number;
    remedy: string;
    names: string[];
  }>`
    select f.rule, min(f.title) as title, (array_agg(f.severity order by f.severity_rank))[1] as severity,
      (array_agg(to_jsonb(f.harms) order by f.severity_rank))[1] as harms, count(distinct f.asset_id) as assets,
      count(distinct f.asset_id) filter (where a.criticality in ('life-critical', 'high')) as clinical,
      (array_agg(f.remedy order by f.severity_rank, f.id))[1] as remedy,
      (array_agg(distinct a.name))[1:3] as names
    from finding f join asset a on a.id = f.asset_id ${whereAll([sql`f.closed_at is null`, ...assetsWithin(scope)])}
    group by f.rule order by min(f.severity_rank), clinical desc, assets desc, f.rule limit ${TODO_MOST}`.execute(
    database,
  );
  const findings = rows.map((row) => ({
    id: `rule:${row.rule}`,
    title: row.title,
    why: whyOf(row),
    severity: row.severity,
    harms: row.harms,
    assets: row.assets,
    link: `/findings?rule=${encodeURIComponent(row.rule)}`,
    action: row.remedy,
  }));
  return [...findings, ...settle(counts)].slice(0, TODO_MOST);
}

function whyOf({ assets, clinical, names }: { assets: number; clinical: number; names: string[] }): string {
  const who =
    assets > names.length ? `${names.join(', ')} and ${assets - names.length} more` : names.join(', ');
  const care =
    clinical === 0
      ? ''
      : ` ${clinical} of them ${clinical === 1 ? 'matters' : 'matter'} directly to the care of patients.`;
  return `Seen at ${who}.${care}`;
}

function settle({
  unidentified,
  shadow,
  missing,
}: {
  unidentified: number;
  shadow: number;
  missing: number;
}): Todo[] {
  const entry = (id: string, n: number, rest: Omit<Todo, 'id' | 'assets' | 'harms'>): Todo[] =>
    n === 0 ? [] : [{ id, assets: n, harms: ['operations'], ...rest }];
  return [
    ...entry('shadow', shadow, {
      title: 'Devices that no register knows',
      why: `${shadow} devices are at work on the network and in no register: nobody maintains or patches them.`,
      severity: 'medium',
      link: '/register?state=shadow',
      action: 'Register each, or find out who brought it.',
    }),
    ...entry('missing', missing, {
      title: 'Registered devices that were not seen',
      why: `${missing} devices of the register did not speak where Wardline listens: switched off, moved, or gone.`,
      severity: 'low',
      link: '/register?state=missing',
      action: 'Confirm where they are.',
    }),
    ...entry('unidentified', unidentified, {
      title: 'Devices of unknown kind',
      why: `Of ${unidentified} devices it is not known what they are, so nothing can be said of what they may do.`,
      severity: 'low',
      link: '/assets?class=unknown',
      action: 'Look at their evidence and state what they are.',
    }),
  ];
}
