import { randomUUID } from 'node:crypto';
import { loadPlaybooks } from '@wardline/knowledge';
import {
  ALLOWED_DAYS,
  type Alert,
  formatMicros,
  parseMicros,
  type Story,
  type StoryEntryKind,
  type storyIncidentBody,
  type storyResolveBody,
} from '@wardline/model';
import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { act, append } from '../../ledger/append.ts';
import { WATCH_STORY_ENTRIES } from '../../limits.ts';
import type { Tables } from '../../store/tables.ts';
import { addIncidentEntry, openIncident } from '../incidents/index.ts';
import { addEntry } from './entries.ts';
import { urgencyOf } from './stories.ts';

type Work = Transaction<Tables>;

interface StoredStory {
  id: string;
  site: number;
  state: 'open' | 'taken' | 'acknowledged' | 'resolved';
  severity_rank: number;
  rank: number;
  assets: string[];
  incident: number | null;
  body: Omit<Story, 'alerts'>;
}

/** What a person does with a story. */
interface Doing {
  id: string;
  actor: string;
  action: string;
  kind: StoryEntryKind;
  text: string;
  changes: Record<string, unknown>;
}

/**
 * Carries out what a person does with a story, its line and its act in the ledger in one transaction. Whoever does anything with it has
 * looked at it.
 * @throws Refusal where there is no such story, or too much was written on it
 */
async function happen(
  context: Context,
  doing: Doing,
  change: (transaction: Work, story: StoredStory) => Promise<unknown>,
): Promise<void> {
  const { id, actor, action, changes, text } = doing;
  const at = context.now();
  const entry = { at, actor, action, subject: `story:${id}`, changes, reason: text === '' ? null : text };
  await act(context.database, entry, async (transaction) => {
    const story = await lockStory(transaction, id);
    await change(transaction, story);
    await note(transaction, doing, at);
  });
  context.events.emit('watch', 'ledger');
}

/** @throws Refusal where there is no such story */
async function lockStory(transaction: Work, id: string): Promise<StoredStory> {
  const { rows } = await sql<StoredStory>`
    select id, site, state, severity_rank, rank, assets, incident, body from watch_story where id = ${id} for update`.execute(
    transaction,
  );
  if (rows[0] === undefined) throw new Refusal('not-found');
  return rows[0];
}

async function note(transaction: Work, { id, actor, kind, text }: Doing, at: number): Promise<void> {
  const { rows } = await sql<{
    n: number;
  }>`select count(*)::int as n from watch_story_entry where story = ${id}`.execute(transaction);
  if (rows[0]!.n >= WATCH_STORY_ENTRIES)
    throw new Refusal('conflict', `The story has ${WATCH_STORY_ENTRIES} lines, and no more can be had.`);
  await addEntry(transaction, { story: id, at, actor, kind, text });
  await sql`update watch_story set looked_at = coalesce(looked_at, ${at}), looked_by = coalesce(looked_by, ${actor})
    where id = ${id}`.execute(transaction);
}

const set = (transaction: Work, id: string, what: RawBuilder<unknown>) =>
  sql`update watch_story set ${what} where id = ${id}`.execute(transaction);

function refuseClosed({ state }: StoredStory): void {
  if (state === 'resolved')
    throw new Refusal('conflict', 'The story is resolved: open it again first, or write a note.');
}

/** The one who takes it works on it; who had it before is relieved. */
export function takeStory(context: Context, actor: string, id: string, text: string): Promise<void> {
  const doing = { id, actor, action: 'watch.take', kind: 'taken' as const, text, changes: { by: actor } };
  return happen(context, doing, async (transaction, story) => {
    refuseClosed(story);
    await set(transaction, id, sql`state = 'taken', taken_by = ${actor}`);
  });
}

/** Somebody looked, and knows that it goes on. */
export function acknowledgeStory(context: Context, actor: string, id: string, reason: string): Promise<void> {
  const doing = { id, actor, action: 'watch.acknowledge', text: reason, changes: {} };
  return happen(context, { ...doing, kind: 'acknowledged' }, async (transaction, story) => {
    refuseClosed(story);
    await set(transaction, id, sql`state = 'acknowledged'`);
  });
}

export function addNote(context: Context, actor: string, id: string, text: string): Promise<void> {
  const doing = { id, actor, action: 'watch.note', kind: 'note' as const, text, changes: {} };
  return happen(context, doing, async () => {});
}

/** @throws Refusal where it is not resolved */
export function reopenStory(context: Context, actor: string, id: string, reason: string): Promise<void> {
  const doing = { id, actor, action: 'watch.open-again', text: reason, changes: {} };
  return happen(context, { ...doing, kind: 'reopened' }, async (transaction, { state, rank }) => {
    if (state !== 'resolved') throw new Refusal('conflict', 'The story is open already.');
    await set(
      transaction,
      id,
      sql`state = 'open', verdict = null, resolved_at = null, resolved_by = null, resolved_rank = null,
        urgency = ${urgencyOf(rank, false)}`,
    );
  });
}

/**
 * Says what it turned out to be. Where its devices are to do it without being told of, the watch is taught so.
 * @throws Refusal where an attack would be called normal, or what is wrong in itself would be for ever
 */
export function resolveStory(
  context: Context,
  actor: string,
  id: string,
  { verdict, reason, allow }: z.infer<typeof storyResolveBody>,
): Promise<void> {
  if (verdict === 'true' && allow !== null)
    throw new Refusal('conflict', 'What was an attack or a failure is not called normal.');
  const until = allow?.until ?? null;
  const changes = { verdict, allowed: allow !== null, until };
  const doing = { id, actor, action: 'watch.resolve', kind: 'resolved' as const, changes };
  const text = `${verdictWords[verdict]}: ${reason}`;
  return happen(context, { ...doing, text }, async (transaction, story) => {
    refuseClosed(story);
    const at = context.now();
    const { severity_rank: rank } = story;
    await set(
      transaction,
      id,
      sql`state = 'resolved', verdict = ${verdict}, resolved_at = ${at}, resolved_by = ${actor}, resolved_rank = ${rank},
        urgency = ${urgencyOf(story.rank, true)}`,
    );
    if (allow !== null) await allowDoings(transaction, { story, actor, reason, until, at });
  });
}

const verdictWords = {
  true: 'It was real',
  benign: 'Real and harmless',
  'false-alarm': 'False alarm',
} as const;

interface Allowing {
  story: StoredStory;
  actor: string;
  reason: string;
  until: string | null;
  at: number;
}

async function allowDoings(transaction: Work, { story, actor, reason, until, at }: Allowing): Promise<void> {
  const { rows } = await sql<{ body: Alert }>`select body from watch_alert where story = ${story.id}`.execute(
    transaction,
  );
  const alerts = rows.map(({ body }) => body);
  const end = until === null ? null : parseMicros(until);
  const last = at + ALLOWED_DAYS * 86_400_000_000;
  if (end !== null && (end <= at || end > last))
    throw new Refusal('conflict', `Choose a moment between now and ${formatMicros(last)}.`);
  const wrong = alerts.find(({ basis }) => basis === 'wrong-in-itself');
  if (end === null && wrong !== undefined)
    throw new Refusal(
      'conflict',
      `Say until when: “${wrong.title}” is wrong whoever does it, and is called normal for a while only.`,
    );
  const doings = new Set(alerts.flatMap((alert) => doingOf(alert)));
  for (const doing of doings) {
    const [device, detection] = JSON.parse(doing) as [string, string];
    await sql`insert into watch_allowed (id, site, device, detection, story, actor, reason, since, until)
      values (${randomUUID()}, ${story.site}, ${device}, ${detection}, ${story.id}, ${actor}, ${reason}, ${at}, ${end})`.execute(
      transaction,
    );
  }
  const text = `${doings.size} doings are told no more${end === null ? '' : ` until ${formatMicros(end)}`}.`;
  await addEntry(transaction, { story: story.id, at, actor, kind: 'allowed', text });
}

/** Whose doing it is, as the watch asks whether it is allowed: the actor's, else that of the device that it happened to. */
function doingOf({ actor, targets, detection }: Alert): string[] {
  const device = actor ?? targets[0];
  return device === undefined ? [] : [JSON.stringify([device.key, detection])];
}

/** @throws Refusal where there is no such thing, or it is over */
export async function endAllowed(context: Context, actor: string, id: string, reason: string): Promise<void> {
  const at = context.now();
  const entry = { at, actor, action: 'watch.disallow', subject: `allowed:${id}`, changes: {}, reason };
  await act(context.database, entry, async (transaction) => {
    const { numAffectedRows } = await sql`update watch_allowed set ended = ${at}, ended_by = ${actor}
      where id = ${id} and ended is null`.execute(transaction);
    if (numAffectedRows !== 1n) throw new Refusal('not-found');
  });
  context.events.emit('watch', 'ledger');
}

const playbooks = loadPlaybooks();

/** Makes an incident of a story: both know of each other, and the incident begins with what was seen. */
export async function makeIncident(
  context: Context,
  actor: string,
  id: string,
  { playbook: name, drill, reason }: z.infer<typeof storyIncidentBody>,
): Promise<number> {
  const playbook = playbooks.get(name);
  if (playbook === undefined) throw new Refusal('conflict', `There is no playbook ${name}.`);
  const { rows } = await sql<StoredStory>`select * from watch_story where id = ${id}`.execute(
    context.database,
  );
  if (rows[0] === undefined) throw new Refusal('not-found');
  const { body, assets } = rows[0];
  const about = {
    playbook: name,
    title: body.title.slice(0, 160),
    drill,
    began: formatMicros(body.firstSeen),
    assets: await livingOf(context, assets),
    reason,
  };
  const number = await openIncident(context, actor, playbook, about, async (transaction, made) => {
    const story = await lockStory(transaction, id);
    refuseClosed(story);
    if (story.incident !== null) throw new Refusal('conflict', `It is incident ${story.incident} already.`);
    const at = context.now();
    await set(
      transaction,
      id,
      sql`incident = ${made}, state = 'taken', taken_by = coalesce(taken_by, ${actor})`,
    );
    const text = `Incident ${made}: ${reason}`;
    await note(transaction, { id, actor, action: '', kind: 'incident', text, changes: {} }, at);
    const seen = `Story ${id}: ${body.summary} ${body.meaning}`.slice(0, 4000);
    await addIncidentEntry(transaction, {
      number: made,
      at,
      actor,
      kind: 'note',
      text: seen,
      evidence: null,
    });
    const linked = { action: 'watch.incident', subject: `story:${id}`, changes: { incident: made }, reason };
    await append(transaction, { at, actor, ...linked });
  });
  context.events.emit('watch');
  return number;
}

async function livingOf({ database }: Context, assets: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{
    id: string;
  }>`select id from asset where id = any(${[...assets]}::text[]) order by criticality_rank, id limit 500`.execute(
    database,
  );
  return rows.map(({ id }) => id);
}

/** The playbook that fits what was seen. */
export function playbookFor({ detections, targets }: Pick<Story, 'detections' | 'targets'>): string {
  const has = (...some: Story['detections']) => some.some((one) => detections.includes(one));
  if (has('ransomware')) return 'ransomware';
  if (has('exfiltration', 'dns-tunnel', 'icmp-tunnel', 'unusual-volume')) return 'phi-exposure';
  if (has('flood', 'silence', 'dhcp-starvation', 'address-flood')) return 'loss-of-network';
  const isPump = targets.some(({ classLabel }) => /infusion|pump/i.test(classLabel ?? ''));
  return isPump ? 'compromised-infusion-pump' : 'rogue-device';
}
