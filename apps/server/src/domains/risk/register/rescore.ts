import { priorityOf, type RiskScore, riskTables, scoreRisk } from '@wardline/risk';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import type { Executor } from '../../../store/database.ts';
import { controlsOf } from './controls.ts';
import { changesOf, dirtyPairs, keepKnown, readProgress } from './dirty.ts';
import { type Exposures, knownText, loadAssets, loadWeaknesses } from './facts.ts';
import { SCORING_STEP } from './limits.ts';
import { type Pair, type PairKey, pairText, readPairs } from './pairs.ts';
import { settle } from './settle.ts';

const tables = riskTables();

/** Scores again what something has changed of since the last run, and nothing else. Resolves to how many pairs that were. */
export async function rescore(context: Context, exposures: Exposures): Promise<number> {
  const { database } = context;
  const at = context.now();
  const head = await headOf(database);
  const assets = await loadAssets(context, exposures);
  const weaknesses = await loadWeaknesses(database, null);
  const now = {
    asset: new Map([...assets].map(([id, one]) => [id, knownText(one)])),
    weakness: new Map([...weaknesses].map(([id, one]) => [id, knownText(one)])),
  };
  const changes = {
    assets: await changesOf(database, { kind: 'asset', now: now.asset }),
    weaknesses: await changesOf(database, { kind: 'weakness', now: now.weakness }),
  };
  const keys = await dirtyPairs(database, await readProgress(database), at, changes);
  for (let start = 0; start < keys.length; start += SCORING_STEP) {
    const some = keys.slice(start, start + SCORING_STEP);
    const pairs = await readPairs(database, some, assets, weaknesses);
    const controls = await controlsOf(
      database,
      pairs.map(({ risk }) => risk),
    );
    const scored = pairs.map((pair) => {
      const asset = assets.get(pair.asset)!.asset;
      const mine = controls.get(pair.risk) ?? [];
      return scoredPair(
        pair,
        scoreRisk({ asset, source: pair.of, presence: pair.presence, controls: mine, at }, tables),
        asset.exposure?.notExcluded,
      );
    });
    await database.transaction().execute((transaction) => write(transaction, some, scored, at));
  }
  // Last: a run that is broken off finds the same work again.
  await database.transaction().execute(async (transaction) => {
    await keepKnown(transaction, changes.assets, now.asset);
    await keepKnown(transaction, changes.weaknesses, now.weakness);
    await sql`delete from risk_dirty d using unnest(${head.dirty}::text[], ${head.marks}::text[]) as m (risk, mark)
      where d.risk = m.risk and d.xmin::text = m.mark`.execute(transaction);
    await sql`insert into risk_progress (match_change, at) values (${head.matchChange}, ${at})
      on conflict (one) do update set match_change = excluded.match_change, at = excluded.at`.execute(
      transaction,
    );
  });
  return keys.length;
}

/** Taken before anything is read: what comes later belongs to the next run. */
async function headOf(
  database: Executor,
): Promise<{ matchChange: number; dirty: string[]; marks: string[] }> {
  const { rows } = await sql<{ head: number; dirty: string[]; marks: string[] }>`
    select (select coalesce(max(id), 0) from match_change) as head,
      (select coalesce(array_agg(risk order by risk), '{}') from risk_dirty) as dirty,
      (select coalesce(array_agg(xmin::text order by risk), '{}') from risk_dirty) as marks`.execute(
    database,
  );
  const { head, dirty, marks } = rows[0]!;
  return { matchChange: head, dirty, marks };
}

const exposureRanks = ['excluded', 'small', 'controlled', 'open'] as const;
const controlRanks = ['controlled', 'unknown', 'uncontrolled'] as const;

function scoredPair(pair: Pair, score: RiskScore, exposure: (typeof exposureRanks)[number] | undefined) {
  const { asset, kind, source, risk, about, title, product, presence } = pair;
  const level = (axis: 'patient' | 'privacy' | 'operations') => score.axes[axis].residual.level;
  return {
    asset,
    kind,
    source,
    risk,
    about,
    title,
    product,
    presence,
    patient: level('patient'),
    privacy: level('privacy'),
    operations: level('operations'),
    control: controlRanks.indexOf(score.control),
    exposure: exposure === undefined ? exposureRanks.length - 1 : exposureRanks.indexOf(exposure),
    priority: priorityOf(score),
  };
}
type Scored = ReturnType<typeof scoredPair>;

/** Puts the scores in the place of what was, and lets each risk that is touched follow its members. */
async function write(
  transaction: Executor,
  keys: readonly PairKey[],
  scored: readonly Scored[],
  at: number,
): Promise<void> {
  const still = new Set(scored.map(pairText));
  const gone = keys.filter((key) => !still.has(pairText(key)));
  const before = await sql<{ risk: string }>`
    select distinct s.risk from risk_score s join jsonb_to_recordset(${JSON.stringify(keys)}::jsonb)
      as k (asset text, kind text, source text) on s.asset_id = k.asset and s.kind = k.kind and s.source = k.source`.execute(
    transaction,
  );
  await sql`delete from risk_score s using jsonb_to_recordset(${JSON.stringify(gone)}::jsonb)
    as k (asset text, kind text, source text) where s.asset_id = k.asset and s.kind = k.kind and s.source = k.source`.execute(
    transaction,
  );
  const risks = [...new Map(scored.map((one) => [one.risk, one])).values()];
  await sql`insert into risk (id, kind, source, product, title, opened, changed)
    select e ->> 'risk', e ->> 'kind', e ->> 'about', e ->> 'product', e ->> 'title', ${at}::bigint, ${at}::bigint
    from jsonb_array_elements(${JSON.stringify(risks)}::jsonb) as e
    on conflict (id) do update set title = excluded.title`.execute(transaction);
  await insertScores(transaction, scored, at);
  const touched = new Set([...before.rows.map(({ risk }) => risk), ...risks.map(({ risk }) => risk)]);
  await settle(transaction, [...touched], at);
}

async function insertScores(transaction: Executor, scored: readonly Scored[], at: number): Promise<void> {
  await sql`insert into risk_score (asset_id, kind, source, risk, presence, patient_from, patient_to, privacy_from, privacy_to,
      operations_from, operations_to, control, exposure, priority, scored)
    select e ->> 'asset', e ->> 'kind', e ->> 'source', e ->> 'risk', e ->> 'presence',
      (e #>> '{patient,from}')::int, (e #>> '{patient,to}')::int, (e #>> '{privacy,from}')::int, (e #>> '{privacy,to}')::int,
      (e #>> '{operations,from}')::int, (e #>> '{operations,to}')::int, (e ->> 'control')::int, (e ->> 'exposure')::int,
      (e ->> 'priority')::bigint, ${at}::bigint
    from jsonb_array_elements(${JSON.stringify(scored)}::jsonb) as e
    on conflict (asset_id, kind, source) do update set risk = excluded.risk, presence = excluded.presence,
      patient_from = excluded.patient_from, patient_to = excluded.patient_to, privacy_from = excluded.privacy_from,
      privacy_to = excluded.privacy_to, operations_from = excluded.operations_from, operations_to = excluded.operations_to,
      control = excluded.control, exposure = excluded.exposure, priority = excluded.priority, scored = excluded.scored`.execute(
    transaction,
  );
}
