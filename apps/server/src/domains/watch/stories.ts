import { type Alert, type Severity, type Story, severities } from '@wardline/model';
import { groupsOf, tellStory } from '@wardline/watch';
import { sql, type Transaction } from 'kysely';
import type { Act } from '../../ledger/append.ts';
import { WATCH_OPEN_ALERTS, WATCH_STORY_ALERTS } from '../../limits.ts';
import type { Tables } from '../../store/tables.ts';
import { assetsOf, partiesOf } from './alerts.ts';
import { addEntry } from './entries.ts';

type Work = Transaction<Tables>;

/** How long a grave story may wait until a person has looked at it, µs. */
const LOOK_WITHIN: Partial<Record<Severity, number>> = { critical: 3_600_000_000, high: 86_400_000_000 };
/** Doings further apart than this are never one story; `groupsOf` is stricter still. */
const REACH_MICROS = 3 * 86_400_000_000;

/**
 * The story of each alert. An alert that has one stays in it, whatever comes to light later, for people have decided on it; a new
 * one joins the story of those that it belongs with while nobody has closed it, and opens a story of its own otherwise.
 */
export async function assignStories(
  transaction: Work,
  site: number,
  fresh: readonly Alert[],
): Promise<Map<string, string>> {
  const stories = new Map<string, string>();
  if (fresh.length === 0) return stories;
  const open = await openAlerts(transaction, site, Math.min(...fresh.map(({ firstSeen }) => firstSeen)));
  const storyOf = new Map(open.map(({ body, story }) => [body.id, story]));
  const isFresh = new Set(fresh.map(({ id }) => id));
  for (const group of groupsOf([...open.map(({ body }) => body), ...fresh])) {
    const joining = group.alerts.filter(({ id }) => isFresh.has(id));
    if (joining.length === 0) continue;
    const told = group.alerts.map(({ id }) => storyOf.get(id)).find((story) => story !== undefined);
    const story = told ?? (await openStory(transaction, site, group.key, joining));
    for (const { id } of joining) stories.set(id, story);
  }
  return stories;
}

async function openAlerts(
  transaction: Work,
  site: number,
  from: number,
): Promise<{ story: string; body: Alert }[]> {
  const { rows } = await sql<{ story: string; body: Alert }>`
    select a.story, a.body from watch_alert a join watch_story s on s.id = a.story
    where s.site = ${site} and s.state <> 'resolved' and s.last_seen >= ${from - REACH_MICROS}
    order by a.last_seen desc, a.id limit ${WATCH_OPEN_ALERTS}`.execute(transaction);
  return rows;
}

/** Its sentences follow with {@link tellStories}, once its alerts are written. */
async function openStory(
  transaction: Work,
  site: number,
  key: string,
  alerts: readonly Alert[],
): Promise<string> {
  const { id } = tellStory({ key, alerts: [...alerts] });
  const name = `${site}-${id}`;
  await sql`insert into watch_story (id, site, key, title, severity, severity_rank, confidence, rank, urgency, harms, detections,
      assets, first_seen, last_seen, alerts, told, search, body)
    values (${name}, ${site}, ${key}, '', 'info', 4, 'low', 0, 1000, '{}', '{}', '{}', 0, 0, 0, 0, '', '{}'::jsonb)
    on conflict (id) do nothing`.execute(transaction);
  return name;
}

interface Standing {
  id: string;
  key: string;
  state: string;
  told: number;
  looked_at: number | null;
  due: number | null;
  resolved_rank: number | null;
}

/**
 * Tells stories anew from their alerts, the gravest and latest of them where there are too many. Returns what the ledger has to hear of:
 * last of all, for whoever acts on a story holds it while he waits for the ledger.
 */
export async function tellStories(transaction: Work, ids: Iterable<string>, now: number): Promise<Act[]> {
  const acts: Act[] = [];
  for (const id of new Set(ids)) {
    const { rows: standing } = await sql<Standing>`
      select id, key, state, told, looked_at, due, resolved_rank from watch_story where id = ${id} for update`.execute(
      transaction,
    );
    const { rows } = await sql<{ body: Alert; total: number }>`
      select body, (count(*) over ())::int as total from watch_alert where story = ${id}
      order by severity_rank, last_seen desc, id limit ${WATCH_STORY_ALERTS}`.execute(transaction);
    if (rows.length === 0) continue;
    const group = { key: standing[0]!.key, alerts: rows.map(({ body }) => body) };
    const told = { story: tellStory(group, id), total: rows[0]!.total, now };
    acts.push(...(await writeStory(transaction, standing[0]!, told)));
  }
  return acts;
}

async function writeStory(
  transaction: Work,
  before: Standing,
  { story, total, now }: { story: Story; total: number; now: number },
): Promise<Act[]> {
  const rank = severities.indexOf(story.severity);
  const told = before.told === 0 ? now : before.told;
  const reopens = before.state === 'resolved' && before.resolved_rank !== null && rank < before.resolved_rank;
  const isClosed = before.state === 'resolved' && !reopens;
  const { alerts, ...body } = story;
  const parties = alerts.flatMap(partiesOf);
  // Each story has a moment by which somebody must have looked; one that turns grave later has it from then on.
  const within = LOOK_WITHIN[story.severity];
  const due =
    within === undefined ? null : Math.min(before.due ?? Infinity, (before.told === 0 ? told : now) + within);
  const search = [
    story.title,
    story.summary,
    ...parties.flatMap(({ name, ip, mac }) => [name, ip ?? '', mac ?? '']),
  ];
  await sql`update watch_story set title = ${story.title}, severity = ${story.severity}, severity_rank = ${rank},
      confidence = ${story.confidence}, rank = ${story.rank}, urgency = ${urgencyOf(story.rank, isClosed)}, harms = ${story.harms}::text[],
      detections = ${story.detections}::text[], assets = ${assetsOf(parties)}::text[], first_seen = ${story.firstSeen},
      last_seen = ${story.lastSeen}, alerts = ${total}, told = ${told}, due = ${due},
      search = ${[...new Set(search)].join(' ').toLowerCase().slice(0, 4000)}, body = ${JSON.stringify(body)}::jsonb
    where id = ${story.id}`.execute(transaction);
  return reopens ? [await reopen(transaction, story, now)] : [];
}

/** What sorts stories: those that are closed last, the gravest for patients first. */
export const urgencyOf = (rank: number, isClosed: boolean): number =>
  Math.round((100 - rank) * 10) + (isClosed ? 10_000 : 0);

/** What somebody closed has become graver: it is a person's matter again. */
async function reopen(transaction: Work, { id, severity }: Story, now: number): Promise<Act> {
  await sql`update watch_story set state = 'open', verdict = null, looked_at = null, looked_by = null, taken_by = null,
    resolved_at = null, resolved_by = null, resolved_rank = null where id = ${id}`.execute(transaction);
  const text = `It went on after it was closed, and is ${severity} now.`;
  await addEntry(transaction, { story: id, at: now, actor: 'server', kind: 'reopened', text });
  const what = { action: 'watch.reopen', subject: `story:${id}`, changes: { severity }, reason: text };
  return { at: now, actor: 'server', ...what };
}
