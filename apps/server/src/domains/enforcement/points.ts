import { randomUUID } from 'node:crypto';
import {
  type Drift,
  type EnforcementPoint,
  formatMicros,
  type PointReport,
  parseMicros,
} from '@wardline/model';
import type { ListingKind } from '@wardline/policy';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { act, append } from '../../ledger/append.ts';
import { ENFORCEMENT_POINTS, POINT_SILENT_MICROS } from '../../limits.ts';
import type { Executor } from '../../store/database.ts';
import { currentVersion, versionOfDigest } from '../segmentation/index.ts';
import { keepDriftFindings } from './findings.ts';
import { openOrders } from './orders.ts';
import { stagesOf } from './stages.ts';

export interface NewPoint {
  name: string;
  place: string;
  kind: EnforcementPoint['kind'];
  reason: string;
}

/** @throws Refusal where the name is taken, or there are too many */
export async function addPoint(
  context: Context,
  actor: string,
  { name, place, kind, reason }: NewPoint,
): Promise<string> {
  const [id, at] = [randomUUID(), context.now()];
  const entry = {
    at,
    actor,
    action: 'enforcement.add',
    subject: `enforcement:${id}`,
    changes: { name, place, kind },
    reason,
  };
  await act(context.database, entry, async (transaction) => {
    const { rows } = await sql<{ count: number; taken: number }>`
      select count(*)::int as count, (count(*) filter (where name = ${name}))::int as taken from enforcement_point`.execute(
      transaction,
    );
    if (rows[0]!.taken > 0) throw new Refusal('conflict', `There is an enforcement point ${name} already.`);
    if (rows[0]!.count >= ENFORCEMENT_POINTS)
      throw new Refusal(
        'conflict',
        `There are ${ENFORCEMENT_POINTS} enforcement points, and no more can be had.`,
      );
    await sql`insert into enforcement_point (id, name, place, kind, added) values (${id}, ${name}, ${place}, ${kind}, ${at})`.execute(
      transaction,
    );
  });
  return id;
}

/** @throws Refusal where there is no such point */
export async function removePoint(
  context: Context,
  actor: string,
  id: string,
  reason: string,
): Promise<void> {
  const at = context.now();
  const entry = {
    at,
    actor,
    action: 'enforcement.remove',
    subject: `enforcement:${id}`,
    changes: {},
    reason,
  };
  await act(context.database, entry, async (transaction) => {
    const { numAffectedRows } = await sql`delete from enforcement_point where id = ${id}`.execute(
      transaction,
    );
    if (numAffectedRows !== 1n) throw new Refusal('not-found');
    await keepDriftFindings(transaction, context.knowledge, at);
  });
}

/** @throws Refusal where nobody added the point */
export async function idOfPoint(database: Executor, name: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`select id from enforcement_point where name = ${name}`.execute(
    database,
  );
  if (rows[0] === undefined) throw new Refusal('not-found');
  return rows[0].id;
}

/** Takes what a point says of itself, proves what it says that it runs against the policy in force, and holds the traffic since against it. */
export async function takeReport(
  context: Context,
  actor: string,
  id: string,
  report: PointReport,
): Promise<Drift[]> {
  const { database } = context;
  const drift = await driftOfReport(context, await kindOf(database, id), report);
  const at = context.now();
  await database.transaction().execute(async (transaction) => {
    const outcome = await trialOutcome(transaction, id, report);
    if (outcome !== null) {
      const changes = { outcome, policyDigest: report.policyDigest };
      const subject = `enforcement:${id}`;
      await append(transaction, { at, actor, action: 'enforcement.trial', subject, changes, reason: null });
    }
    await keepReport(transaction, { id, at, report, drift });
    await keepDriftFindings(transaction, context.knowledge, at);
  });
  return drift;
}

/** What became of a trial since the last report, also of one that nobody ordered here; null where none ended. */
async function trialOutcome(
  transaction: Executor,
  id: string,
  report: PointReport,
): Promise<'kept' | 'went back' | null> {
  const { rows } = await sql<{ trial: number | null; digest: string | null }>`
    select trial_until as trial, policy_digest as digest from enforcement_point where id = ${id}`.execute(
    transaction,
  );
  const [before] = rows;
  if (before === undefined || before.trial === null || report.trialUntil !== null) return null;
  return before.digest === report.policyDigest ? 'kept' : 'went back';
}

async function keepReport(
  transaction: Executor,
  { id, at, report, drift }: { id: string; at: number; report: PointReport; drift: readonly Drift[] },
): Promise<void> {
  await sql`update enforcement_point set reported = ${at}, kernel = ${report.kernel}, policy_name = ${report.policyName},
      policy_digest = ${report.policyDigest}, applied = ${micros(report.applied)}, trial_until = ${micros(report.trialUntil)},
      counted = ${JSON.stringify(report.counted)}::jsonb, drift = ${JSON.stringify(drift)}::jsonb, obeys = ${report.obeys},
      listing = ${report.listing}, back = ${JSON.stringify(report.back)}::jsonb
    where id = ${id}`.execute(transaction);
}

const micros = (text: string | null): number | null => (text === null ? null : parseMicros(text));

async function kindOf(database: Executor, id: string): Promise<EnforcementPoint['kind']> {
  const { rows } = await sql<{ kind: EnforcementPoint['kind'] }>`
    select kind from enforcement_point where id = ${id}`.execute(database);
  return rows[0]?.kind ?? 'nftables';
}

async function driftOfReport(
  context: Context,
  kind: EnforcementPoint['kind'],
  report: PointReport,
): Promise<Drift[]> {
  const current = await currentVersion(context.database);
  if (current === null) return [];
  const { kernel, policyDigest, listing } = report;
  // What decides who gets in has no lines to read back: the version that it answers by, and whether it is as it is kept, are held against.
  if (kind === 'freeradius') {
    const answersBy = policyDigest === null ? null : await versionOfDigest(context.database, policyDigest);
    return [
      ...(answersBy === current.version ? [] : [outdated(answersBy, current.version)]),
      ...changed(kernel),
    ];
  }
  if (listing === null || policyDigest === null) return unapplied(context, kind, current);
  const runs = await versionOfDigest(context.database, policyDigest);
  const isCurrent = runs === current.version;
  // Only traffic since this very text is in place speaks for or against it.
  const applied = isCurrent && kernel === 'same' ? micros(report.applied) : null;
  const found = await context.policyDesk.ask(
    { ask: 'drift', kind, text: current.text, listing, applied },
    context.now(),
  );
  return [...(isCurrent ? [] : [outdated(runs, current.version)]), ...changed(kernel), ...found];
}

/** A kernel lets pass what the policy stops, a gateway stops what it declares; whom that concerns is told with it. */
async function unapplied(
  context: Context,
  kind: ListingKind,
  { version, text }: { version: number; text: string },
): Promise<Drift[]> {
  const [open] = await context.policyDesk.ask(
    { ask: 'drift', kind, text, listing: null, applied: null },
    context.now(),
  );
  const message = `It runs no policy, and version ${version} is in force: ${kind === 'nftables' ? 'everything' : 'nothing'} passes it.`;
  return [{ ...drift('unapplied', message), ...(open && { packets: open.packets, assets: open.assets }) }];
}

const drift = (kind: Drift['kind'], message: string): Drift => ({
  kind,
  message,
  evidence: [],
  packets: [],
  conversations: [],
  assets: [],
});

const outdated = (runs: number | null, current: number): Drift =>
  drift(
    'outdated',
    `It runs ${runs === null ? 'a policy that is no version of this platform' : `version ${runs}`}, and version ${current} is in force.`,
  );

const changed = (kernel: PointReport['kernel']): Drift[] =>
  kernel === 'same' ? [] : [drift('changed', 'Somebody changed what it runs since it was proved.')];

interface Stored {
  id: string;
  name: string;
  place: string;
  kind: EnforcementPoint['kind'];
  obeys: boolean;
  added: number;
  reported: number | null;
  kernel: EnforcementPoint['kernel'];
  policyName: string | null;
  version: number | null;
  /** The text that it runs, where it is one of a version. */
  text: string | null;
  applied: number | null;
  trialUntil: number | null;
  counted: EnforcementPoint['counted'];
  back: EnforcementPoint['back'];
  drift: Drift[];
}

export async function readPoints(database: Executor, now: number): Promise<EnforcementPoint[]> {
  const { rows } = await sql<Stored>`
    select p.id, p.name, p.place, p.kind, p.obeys, p.added, p.reported, p.kernel, p.policy_name as "policyName", p.applied,
      p.trial_until as "trialUntil", p.counted, p.drift, r.version, r.text,
      case when p.back is null or p.back = 'null' then null else jsonb_build_object('policyName', p.back->>'policyName',
        'version', (select max(v.number) from policy_version v where v.digest = p.back->>'policyDigest')) end as back
    from enforcement_point p left join lateral (
      select v.number as version, v.text from policy_version v where v.digest = p.policy_digest order by v.number desc limit 1
    ) r on true order by p.name`.execute(database);
  const orders = await openOrders(database, now);
  return rows.map((row) => ({ ...pointRow(row, now), order: orders.get(row.id) ?? null }));
}

const formatted = (time: number | null): string | null => (time === null ? null : formatMicros(time));

function pointRow({ text, ...row }: Stored, now: number): Omit<EnforcementPoint, 'order'> {
  const { added, reported, applied, trialUntil, counted } = row;
  return {
    ...row,
    added: formatMicros(added),
    reported: formatted(reported),
    applied: formatted(applied),
    trialUntil: formatted(trialUntil),
    drift: [...silence(row, now), ...row.drift],
    stages: text === null ? [] : stagesOf(text, counted),
  };
}

/** What a silent point said last is all that is known of it. */
function silence({ added, reported }: Pick<Stored, 'added' | 'reported'>, now: number): Drift[] {
  if (now - (reported ?? added) <= POINT_SILENT_MICROS) return [];
  const since = reported === null ? 'since it was added' : `since ${formatMicros(reported)}`;
  return [drift('silent', `It has not reported ${since}: what it runs now is not known.`)];
}
