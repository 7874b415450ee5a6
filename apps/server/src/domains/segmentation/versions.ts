import { formatMicros, type PolicyEffect, type VersionRow } from '@wardline/model';
import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { append } from '../../ledger/append.ts';
import type { Executor } from '../../store/database.ts';
import type { Tables } from '../../store/tables.ts';
import { sha256 } from './unanswerable.ts';

/** Any number of its own: versions are made and decided one after the other. */
const VERSION_LOCK = 7_400_033;

/** A text as it is proposed, with who wrote at it and what it was foreseen to do. */
export interface Proposed {
  name: string;
  text: string;
  authors: readonly string[];
  effect: PolicyEffect;
  reason: string;
  /** Where one conduit of the version in force was taken a stage further, or back, and nothing else. */
  stage?: { conduit: string; from: string; to: string; ofVersion: number };
}

const subjectOf = (number: number): string => `policy:${number}`;

/** One act on versions, alone. */
async function alone<T>(
  { database }: Context,
  change: (transaction: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  return database.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(${VERSION_LOCK})`.execute(transaction);
    return change(transaction);
  });
}

/** @throws Refusal where the text is the one in force, or waits already */
export async function proposeVersion(context: Context, actor: string, proposed: Proposed): Promise<number> {
  const { name, text, authors, effect, reason, stage } = proposed;
  const digest = sha256(text);
  return alone(context, async (transaction) => {
    const { rows } = await sql<{ number: number; state: string }>`
      select number, state from policy_version where digest = ${digest} and state in ('approved', 'proposed')`.execute(
      transaction,
    );
    if (rows[0] !== undefined)
      throw new Refusal(
        'conflict',
        `Version ${rows[0].number} is this text already, and it is ${rows[0].state}.`,
      );
    const number = await nextNumber(transaction);
    const at = context.now();
    const changes = { version: number, name, digest, effect, ...stage };
    const action = stage === undefined ? 'segmentation.propose' : 'segmentation.stage';
    const what = { action, subject: subjectOf(number), changes, reason };
    const entry = await append(transaction, { at, actor, ...what });
    await sql`insert into policy_version (number, name, text, digest, state, authors, effect, proposed, proposed_by, proposed_act)
      values (${number}, ${name}, ${text}, ${digest}, 'proposed', ${[...new Set([...authors, actor])]}::text[],
        ${JSON.stringify(effect)}::jsonb, ${at}, ${actor}, ${entry})`.execute(transaction);
    return number;
  });
}

async function nextNumber(transaction: Transaction<Tables>): Promise<number> {
  const { rows } = await sql<{ number: number }>`
    select coalesce(max(number), 0) + 1 as number from policy_version`.execute(transaction);
  return rows[0]!.number;
}

export interface Decision {
  number: number;
  reason: string;
}

/**
 * Puts a proposed version into force. Whoever proposed it or wrote at it cannot; nor can anybody who did not see how many
 * conversations of life-critical devices it cuts.
 * @throws Refusal
 */
export async function approveVersion(
  context: Context,
  actor: string,
  { number, reason, accepted }: Decision & { accepted: number },
  effect: PolicyEffect,
): Promise<void> {
  await alone(context, async (transaction) => {
    const { authors, digest } = await takeProposed(transaction, number);
    if (authors.includes(actor))
      throw new Refusal('conflict', 'Somebody else has to approve it: you proposed it, or wrote at it.');
    refuseUnseenCuts(effect, accepted);
    const before = await supersede(transaction);
    const changes = { version: number, digest, supersedes: before, cutLifeCritical: effect.cutLifeCritical };
    await decide(
      transaction,
      context,
      { actor, number, reason, changes, action: 'segmentation.approve' },
      'approved',
    );
  });
}

/** @throws Refusal where more would be cut than the approver says to know of */
function refuseUnseenCuts({ cutLifeCritical }: PolicyEffect, accepted: number): void {
  if (cutLifeCritical <= accepted) return;
  throw new Refusal(
    'conflict',
    `It would cut ${cutLifeCritical} recorded conversations of life-critical devices, and you accepted ${accepted}. Look at the simulation, and name the number if care allows it.`,
    { cutLifeCritical },
  );
}

export async function refuseVersion(
  context: Context,
  actor: string,
  { number, reason }: Decision,
): Promise<void> {
  await alone(context, async (transaction) => {
    const { authors, digest } = await takeProposed(transaction, number);
    const state = authors.includes(actor) ? 'withdrawn' : 'refused';
    const changes = { version: number, digest, state };
    await decide(
      transaction,
      context,
      { actor, number, reason, changes, action: 'segmentation.refuse' },
      state,
    );
  });
}

interface Old {
  name: string;
  text: string;
  digest: string;
  state: string;
  effect: PolicyEffect;
}

/**
 * Takes an earlier version up again, at once and by one person: it was in force before, and somebody approved it. Nothing
 * is worked out first: whoever goes back has no time.
 * @throws Refusal where it never was in force
 */
export async function restoreVersion(
  context: Context,
  actor: string,
  { number: earlier, reason }: Decision,
): Promise<number> {
  return alone(context, async (transaction) => {
    const { rows } = await sql<Old>`
      select name, text, digest, state, effect from policy_version where number = ${earlier}`.execute(
      transaction,
    );
    const [old] = rows;
    if (old === undefined) throw new Refusal('not-found');
    if (old.state !== 'superseded')
      throw new Refusal(
        'conflict',
        `Version ${earlier} is ${old.state}: only one that was in force can be taken up again.`,
      );
    const number = await nextNumber(transaction);
    const before = await supersede(transaction);
    const at = context.now();
    const changes = { version: number, digest: old.digest, restores: earlier, supersedes: before };
    const what = { action: 'segmentation.restore', subject: subjectOf(number), changes, reason };
    const entry = await append(transaction, { at, actor, ...what });
    await sql`insert into policy_version (number, name, text, digest, state, authors, restores, effect, proposed, proposed_by,
        proposed_act, decided, decided_by, decided_act)
      values (${number}, ${old.name}, ${old.text}, ${old.digest}, 'approved', ${[actor]}::text[], ${earlier},
        ${JSON.stringify(old.effect)}::jsonb, ${at}, ${actor}, ${entry}, ${at}, ${actor}, ${entry})`.execute(
      transaction,
    );
    return number;
  });
}

async function takeProposed(
  transaction: Transaction<Tables>,
  number: number,
): Promise<{ authors: string[]; digest: string }> {
  const { rows } = await sql<{ authors: string[]; digest: string; state: string }>`
    select authors, digest, state from policy_version where number = ${number} for update`.execute(
    transaction,
  );
  const [row] = rows;
  if (row === undefined) throw new Refusal('not-found');
  if (row.state !== 'proposed')
    throw new Refusal('conflict', `Version ${number} was decided: it is ${row.state}.`);
  return row;
}

/** The version that was in force, which is not any more. */
async function supersede(transaction: Transaction<Tables>): Promise<number | null> {
  const { rows } = await sql<{ number: number }>`
    update policy_version set state = 'superseded' where state = 'approved' returning number`.execute(
    transaction,
  );
  return rows[0]?.number ?? null;
}

interface Decided {
  actor: string;
  number: number;
  reason: string;
  changes: Record<string, unknown>;
  action: string;
}

async function decide(
  transaction: Transaction<Tables>,
  { now }: Context,
  { actor, number, reason, changes, action }: Decided,
  state: 'approved' | 'refused' | 'withdrawn',
): Promise<void> {
  const at = now();
  const entry = await append(transaction, { at, actor, action, subject: subjectOf(number), changes, reason });
  await sql`update policy_version set state = ${state}, decided = ${at}, decided_by = ${actor}, decided_act = ${entry}
    where number = ${number}`.execute(transaction);
}

type Stored = Omit<VersionRow, 'proposed' | 'decided' | 'mine'> & {
  proposed: number;
  decided: number | null;
  authors: string[];
  text: string;
};

/** Versions, newest first; `mine` for whoever looks. */
export async function readVersions(database: Executor, actor: string): Promise<VersionRow[]> {
  const rows = await select(database, sql`true`);
  return rows.map((row) => versionRow(row, actor));
}

/** @throws Refusal where there is no such version */
export async function readVersion(
  database: Executor,
  actor: string,
  number: number,
): Promise<VersionRow & { text: string }> {
  const [row] = await select(database, sql`v.number = ${number}`);
  if (row === undefined) throw new Refusal('not-found');
  return { ...versionRow(row, actor), text: row.text };
}

/** The version in force. */
export async function currentVersion(database: Executor): Promise<{ version: number; text: string } | null> {
  const { rows } = await sql<{ version: number; text: string }>`
    select number as version, text from policy_version where state = 'approved'`.execute(database);
  return rows[0] ?? null;
}

/** The latest version with this text; null where there is none. */
export async function versionOfDigest(database: Executor, digest: string): Promise<number | null> {
  const { rows } = await sql<{ number: number }>`
    select max(number) as number from policy_version where digest = ${digest}`.execute(database);
  return rows[0]?.number ?? null;
}

async function select(database: Executor, where: RawBuilder<unknown>): Promise<Stored[]> {
  const { rows } = await sql<Stored>`
    select v.number, v.name, v.state, v.digest, v.restores, v.proposed, v.proposed_by as "proposedBy",
      coalesce(p.name, v.proposed_by) as "proposedByName", a.value as reason, v.decided,
      coalesce(d.name, v.decided_by) as "decidedByName", b.value as "decisionReason", v.effect, v.authors, v.text
    from policy_version v left join person p on v.proposed_by = 'person:' || p.id::text
      left join person d on v.decided_by = 'person:' || d.id::text
      left join ledger_personal a on a.sequence = v.proposed_act and a.name = 'reason'
      left join ledger_personal b on b.sequence = v.decided_act and b.name = 'reason'
    where ${where} order by v.number desc`.execute(database);
  return rows;
}

function versionRow({ text: _text, authors, proposed, decided, ...row }: Stored, actor: string): VersionRow {
  return {
    ...row,
    proposed: formatMicros(proposed),
    decided: decided === null ? null : formatMicros(decided),
    mine: authors.includes(actor),
  };
}
