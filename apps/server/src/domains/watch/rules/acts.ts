import { randomUUID } from 'node:crypto';
import { formatMicros, type RuleBody, type RuleTried, type WatchRuleList } from '@wardline/model';
import { type AnyRule, parseAnyRule, RULES } from '@wardline/watch';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import { act } from '../../../ledger/append.ts';
import { RULE_ALERTS_A_DAY } from '../../../limits.ts';
import type { Executor } from '../../../store/database.ts';
import { tryRule } from './trial.ts';

const DAY = 86_400_000_000;

/** Every rule, with what it has told. */
export async function listRules({ database, now }: Context): Promise<WatchRuleList> {
  const { rows } = await sql<
    Omit<WatchRuleList['items'][number], 'changed' | 'trial'> & {
      changed: number;
      trial: { days: number; conversations: number; lines?: number; alerts: number; at: number } | null;
    }
  >`select r.id, r.name, r.site, r.text, r.title, r.severity, r.enabled, r.changed, r.changed_by as "changedBy", r.trial,
      (select count(*)::int from watch_alert a where a.detection = 'own-rule' and a.record->'facts'->>'rule' = r.name) as told
    from watch_rule r where r.removed is null order by r.name`.execute(database);
  const items = rows.map(({ changed, trial, ...row }) => ({
    ...row,
    changed: formatMicros(changed),
    trial: trial === null ? null : { ...trial, at: formatMicros(trial.at) },
  }));
  return { asOf: formatMicros(now()), items };
}

/** What is wrong with a text, or what it would have told of the last days. */
export async function tryText(
  { database, knowledge, now }: Context,
  { text, site, days }: { text: string; site: number; days: number },
): Promise<RuleTried> {
  const parsed = parseAnyRule(text);
  if (!parsed.ok)
    return { faults: parsed.faults.map(({ message, place }) => ({ message, ...place })), trial: null };
  const until = now();
  const trial = await tryRule(database, knowledge, parsed.read, { site, from: until - days * DAY, until });
  return { faults: [], trial };
}

/** @throws Refusal that names the first fault and its place */
function readRule(text: string): AnyRule {
  const parsed = parseAnyRule(text);
  if (parsed.ok) return parsed.read;
  const errors = parsed.faults.map(({ message, place }) => ({
    path: `text:${place.line}:${place.column}`,
    message,
  }));
  const [{ path, message }] = errors as [(typeof errors)[number]];
  throw new Refusal('invalid-request', `${path}: ${message}`, { errors });
}

/** Keeps a rule, switched off; one of the same name becomes this. @throws Refusal */
export async function saveRule(
  context: Context,
  actor: string,
  { name, site, text, reason }: RuleBody,
): Promise<string> {
  const { title, severity } = readRule(text).rule;
  const at = context.now();
  const { rows } = await sql<{
    id: string;
  }>`select id from watch_rule where name = ${name} and removed is null`.execute(context.database);
  const id = rows[0]?.id ?? randomUUID();
  const entry = {
    at,
    actor,
    action: 'rule.save',
    subject: `rule:${id}`,
    changes: { name, site, text },
    reason,
  };
  await act(context.database, entry, async (transaction) => {
    await mustFit(transaction, id, site);
    await sql`insert into watch_rule (id, name, site, text, title, severity, changed, changed_by)
      values (${id}, ${name}, ${site}, ${text}, ${title}, ${severity}, ${at}, ${actor})
      on conflict (id) do update set site = excluded.site, text = excluded.text, title = excluded.title,
        severity = excluded.severity, enabled = false, trial = null, changed = excluded.changed, changed_by = excluded.changed_by`.execute(
      transaction,
    );
  });
  announce(context);
  return id;
}

async function mustFit(transaction: Executor, id: string, site: number | null): Promise<void> {
  const { rows } = await sql<{ others: number; known: boolean }>`
    select (select count(*)::int from watch_rule where removed is null and id <> ${id}) as others,
      ${site}::int is null or exists (select from site where id = ${site}) as known`.execute(transaction);
  if (!rows[0]!.known) throw new Refusal('not-found', 'There is no such site.');
  if (rows[0]!.others >= RULES) throw new Refusal('conflict', `More than ${RULES} rules are not judged.`);
}

/** Switches a rule on, after it was held against the last days: whoever does it is told what that will mean. @throws Refusal */
export async function enableRule(
  context: Context,
  actor: string,
  id: string,
  { days, anyway, reason }: { days: number; anyway: boolean; reason: string },
): Promise<void> {
  const at = context.now();
  const { database, knowledge } = context;
  const { rows } = await sql<{ name: string; site: number | null; text: string; changed: number }>`
    select name, site, text, changed from watch_rule where id = ${id} and removed is null and not enabled`.execute(
    database,
  );
  const stored = rows[0];
  if (stored === undefined) throw new Refusal('conflict', 'There is no such rule that is off.');
  const { name, site, text, changed } = stored;
  const trial = { days, at, conversations: 0, lines: 0, alerts: 0 };
  for (const one of await sitesOf(context, site)) {
    const span = { site: one, from: at - days * DAY, until: at };
    const { conversations, lines, alerts } = await tryRule(database, knowledge, readRule(text), span);
    trial.conversations += conversations;
    trial.lines += lines;
    trial.alerts += alerts;
  }
  if (!anyway && trial.alerts > RULE_ALERTS_A_DAY * days)
    throw new Refusal(
      'conflict',
      `It would have told ${trial.alerts} alerts within ${days} days, more than ${RULE_ALERTS_A_DAY} a day: nobody can look at so many. Make it narrower, or say that you want it anyway.`,
    );
  const changes = {
    name,
    days,
    conversations: trial.conversations,
    lines: trial.lines,
    wouldHaveTold: trial.alerts,
  };
  const entry = { at, actor, action: 'rule.enable', subject: `rule:${id}`, changes, reason };
  await act(database, entry, async (transaction) => {
    const { numAffectedRows } =
      await sql`update watch_rule set enabled = true, trial = ${JSON.stringify(trial)}::jsonb
      where id = ${id} and removed is null and not enabled and changed = ${changed}`.execute(transaction);
    if (numAffectedRows !== 1n) throw new Refusal('conflict', 'It was changed while it was tried.');
  });
  announce(context);
}

async function sitesOf({ database }: Context, site: number | null): Promise<number[]> {
  if (site !== null) return [site];
  const { rows } = await sql<{ id: number }>`select id from site order by id`.execute(database);
  return rows.map(({ id }) => id);
}

/** @throws Refusal */
export async function disableRule(
  context: Context,
  actor: string,
  id: string,
  reason: string,
): Promise<void> {
  const entry = {
    at: context.now(),
    actor,
    action: 'rule.disable',
    subject: `rule:${id}`,
    changes: {},
    reason,
  };
  await act(context.database, entry, async (transaction) => {
    const { numAffectedRows } =
      await sql`update watch_rule set enabled = false where id = ${id} and removed is null and enabled`.execute(
        transaction,
      );
    if (numAffectedRows !== 1n) throw new Refusal('conflict', 'There is no such rule that is on.');
  });
  announce(context);
}

/** @throws Refusal */
export async function removeRule(context: Context, actor: string, id: string, reason: string): Promise<void> {
  const at = context.now();
  const entry = { at, actor, action: 'rule.remove', subject: `rule:${id}`, changes: {}, reason };
  await act(context.database, entry, async (transaction) => {
    const { numAffectedRows } =
      await sql`update watch_rule set removed = ${at}, enabled = false where id = ${id} and removed is null`.execute(
        transaction,
      );
    if (numAffectedRows !== 1n) throw new Refusal('not-found');
  });
  announce(context);
}

function announce(context: Context): void {
  context.watchSoon();
  context.events.emit('watch', 'ledger');
}
