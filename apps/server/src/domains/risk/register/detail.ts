import {
  formatMicros,
  type RiskControl,
  type RiskDetail,
  type RiskInput,
  type RiskRecord,
  riskLevels,
} from '@wardline/model';
import { recordOf, riskTables, scoreRisk, ssvcAnswers } from '@wardline/risk';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import type { Executor } from '../../../store/database.ts';
import { assetIdWithin, type Scope } from '../../access/index.ts';
import { tableOutcomes } from '../../vulnerabilities/index.ts';
import { controlsOf } from './controls.ts';
import { type Exposures, loadAssets, loadWeaknesses } from './facts.ts';
import { gapSentences } from './gaps.ts';
import { historyOf } from './history.ts';
import { MEMBERS_SHOWN } from './limits.ts';
import { type PairKey, readPairs } from './pairs.ts';
import { instantOf, riskColumns, riskFrom, type Stored, toldRow } from './plan.ts';

const tables = riskTables();

interface Whole extends Stored {
  plan: string | null;
  proposedBy: string | null;
  approver: string | null;
  review: number | null;
  joinedInto: string | null;
  worst: string | null;
}

/** True where the risk has a member within the scope. */
export const riskWithin = (scope: readonly Scope[] | null) =>
  assetIdWithin(scope, 's.asset_id').map(
    (inside) => sql`exists (select 1 from risk_score s where s.risk = r.id and ${inside})`,
  );

/** One risk with all that a person decides by. @throws Refusal where there is none within the scope */
export async function riskDetail(
  context: Context,
  exposures: Exposures,
  id: string,
  scope: readonly Scope[] | null,
): Promise<RiskDetail> {
  const { database } = context;
  const now = context.now();
  const { rows } = await sql<Whole>`
    select ${riskColumns(now)}, h.plan, h.proposed_by as "proposedBy", h.approver, h.review, r.worst,
      (select into_risk from risk_joined j where j.risk = r.id) as "joinedInto"
    from ${riskFrom} where ${sql.join([sql`r.id = ${id}`, ...riskWithin(scope)], sql` and `)}`.execute(
    database,
  );
  const [row] = rows;
  if (row === undefined) throw new Refusal('not-found');
  const { plan, proposedBy, approver, review, joinedInto, worst, ...stored } = row;
  const input =
    worst === null || stored.kind === 'control'
      ? null
      : await inputOf(context, exposures, stored.kind, worst);
  return {
    ...toldRow(stored),
    plan,
    proposedBy,
    approver,
    joinedInto,
    review: instantOf(review),
    controls: await toldControls(database, id),
    comments: await commentsOf(database, id),
    members: await membersOf(database, id, scope),
    sentences: input === null ? await gapSentences(database, id) : recordOf(input, tables).sentences,
    decisions:
      input === null ? [] : await tableOutcomes(database, ssvcAnswers(input, scoreRisk(input, tables))),
    history: await historyOf(database, id),
    joinedRisks: await joinedRisks(database, id),
  };
}

/** The record of the score of one member, to be worked out again anywhere; of the gravest where none is named. */
export async function riskRecord(
  context: Context,
  exposures: Exposures,
  { id, asset }: { id: string; asset: string | undefined },
  scope: readonly Scope[] | null,
): Promise<RiskRecord> {
  const conditions = [
    sql`(s.risk = ${id} or s.risk in (select risk from risk_joined where into_risk = ${id}))`,
    ...(asset === undefined ? [] : [sql`s.asset_id = ${asset}`]),
    ...assetIdWithin(scope, 's.asset_id'),
  ];
  const { rows } = await sql<PairKey>`
    select s.asset_id as asset, s.kind, s.source from risk_score s where ${sql.join(conditions, sql` and `)}
    order by s.priority desc, s.asset_id limit 1`.execute(context.database);
  const [key] = rows;
  const input =
    key === undefined ? null : await inputOf(context, exposures, key.kind, `${key.asset}\n${key.source}`);
  if (input === null) throw new Refusal('not-found');
  return recordOf(input, tables);
}

async function inputOf(
  context: Context,
  exposures: Exposures,
  kind: PairKey['kind'],
  member: string,
): Promise<RiskInput | null> {
  const { database } = context;
  const [asset, source] = member.split('\n') as [string, string];
  const assets = await loadAssets(context, exposures);
  const weaknesses = await loadWeaknesses(database, kind === 'weakness' ? [source] : []);
  const [pair] = await readPairs(database, [{ asset, kind, source }], assets, weaknesses);
  if (pair === undefined) return null;
  const controls = (await controlsOf(database, [pair.risk])).get(pair.risk) ?? [];
  return {
    asset: assets.get(asset)!.asset,
    source: pair.of,
    presence: pair.presence,
    controls,
    at: context.now(),
  };
}

async function toldControls(database: Executor, risk: string): Promise<RiskDetail['controls']> {
  const { rows } = await sql<
    Omit<RiskControl, 'verification'> & {
      addedBy: string;
      added: number;
      verifiedBy: string | null;
      evidence: string | null;
      verified: number | null;
      holdsUntil: number | null;
    }
  >`select id, text, kind, strength, acts_on as on, added_by as "addedBy", added, verified_by as "verifiedBy", evidence, verified,
      holds_until as "holdsUntil" from risk_control where risk = ${risk} and removed is null order by added, id`.execute(
    database,
  );
  return rows.map((row) => ({
    ...row,
    added: formatMicros(row.added),
    verified: instantOf(row.verified),
    holdsUntil: instantOf(row.holdsUntil),
  }));
}

async function commentsOf(database: Executor, risk: string): Promise<RiskDetail['comments']> {
  const { rows } = await sql<{ actor: string; name: string; text: string; at: number }>`
    select c.actor, coalesce(p.name, c.actor) as name, c.text, c.at from risk_comment c
    left join person p on c.actor = 'person:' || p.id::text where c.risk = ${risk} order by c.at, c.id limit 500`.execute(
    database,
  );
  return rows.map((row) => ({ ...row, at: formatMicros(row.at) }));
}

interface Member {
  asset: string;
  name: string;
  source: string;
  presence: 'affected' | 'unknown';
  spans: [number, number, number, number, number, number];
}

async function membersOf(
  database: Executor,
  risk: string,
  scope: readonly Scope[] | null,
): Promise<RiskDetail['members']> {
  const conditions = [
    sql`(s.risk = ${risk} or s.risk in (select risk from risk_joined where into_risk = ${risk}))`,
    ...assetIdWithin(scope, 's.asset_id'),
  ];
  const { rows } = await sql<Member>`
    select s.asset_id as asset, coalesce(a.name, s.asset_id) as name, s.source, s.presence,
      array[s.patient_from, s.patient_to, s.privacy_from, s.privacy_to, s.operations_from, s.operations_to] as spans
    from risk_score s left join asset a on a.id = s.asset_id where ${sql.join(conditions, sql` and `)}
    order by s.priority desc, a.criticality_rank, s.asset_id limit ${MEMBERS_SHOWN}`.execute(database);
  return rows.map(({ spans, ...row }) => ({
    ...row,
    patient: levelOf(spans, 0),
    privacy: levelOf(spans, 2),
    operations: levelOf(spans, 4),
  }));
}

const levelOf = (spans: readonly number[], at: number) => ({
  from: riskLevels[spans[at]!]!,
  to: riskLevels[spans[at + 1]!]!,
});

async function joinedRisks(database: Executor, risk: string): Promise<RiskDetail['joinedRisks']> {
  const { rows } = await sql<RiskDetail['joinedRisks'][number]>`
    select r.id, r.title, r.source, r.product from risk_joined j join risk r on r.id = j.risk
    where j.into_risk = ${risk} order by r.id`.execute(database);
  return rows;
}
