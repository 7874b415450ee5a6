import { formatMicros, type Rollout, type RolloutDetail, type RolloutDevice } from '@wardline/model';
import { failuresAllowed, type Progress, type RolloutPlan, type WaveCount } from '@wardline/updates';
import { sql } from 'kysely';
import { Refusal } from '../../../http/problems.ts';
import type { Executor } from '../../../store/database.ts';

export interface StoredRollout extends Progress {
  id: string;
  path: string;
  manufacturer: string;
  model: string;
  version: string;
  plan: RolloutPlan;
  begun: number;
  counts: WaveCount[];
}

type Row = Omit<StoredRollout, 'counts'> & { waves: (WaveCount & { wave: number })[] };

/** Rollouts with how their waves stand, newest first. */
export async function readRollouts(database: Executor, id: string | null = null): Promise<StoredRollout[]> {
  const { rows } = await sql<Row>`
    select o.id, o.path, r.manufacturer, r.model, r.version, o.plan, o.begun, o.state, o.wave, o.settled,
      (select jsonb_agg(w) from (select d.wave, count(*) filter (where d.state = 'waiting') as waiting,
          count(*) filter (where d.state = 'installing') as installing, count(*) filter (where d.state = 'done') as done,
          count(*) filter (where d.state = 'failed') as failed
        from firmware_rollout_device d where d.rollout = o.id group by d.wave) w) as waves
    from firmware_rollout o join firmware_release r using (path, sha256)
    where ${id}::uuid is null or o.id = ${id}::uuid order by o.begun desc limit 200`.execute(database);
  return rows.map(({ waves, ...row }) => ({
    ...row,
    counts: row.plan.waves.map((_, at) => countOf(waves, at)),
  }));
}

const EMPTY: WaveCount = { waiting: 0, installing: 0, done: 0, failed: 0 };

function countOf(waves: Row['waves'], at: number): WaveCount {
  const { waiting, installing, done, failed } = waves.find(({ wave }) => wave === at) ?? EMPTY;
  return { waiting, installing, done, failed };
}

/** @throws Refusal where there is none */
export async function oneRollout(database: Executor, id: string): Promise<StoredRollout> {
  const [rollout] = await readRollouts(database, id);
  if (rollout === undefined) throw new Refusal('not-found');
  return rollout;
}

export function rolloutRow({ counts, settled: _settled, ...rollout }: StoredRollout): Rollout {
  const waves = counts.map((count, at) => ({
    share: rollout.plan.waves[at]!,
    ...count,
    allowed: failuresAllowed(count, rollout.plan),
  }));
  const plan = { ...rollout.plan, waves: [...rollout.plan.waves] };
  return { ...rollout, plan, begun: formatMicros(rollout.begun), waves };
}

export async function rolloutDetail(database: Executor, id: string): Promise<RolloutDetail> {
  const rollout = await oneRollout(database, id);
  const { rows } = await sql<Omit<RolloutDevice, 'heard'> & { heard: number | null }>`
    select d.asset, coalesce(a.name, d.asset) as name, coalesce(a.criticality, 'unknown') as criticality, d.wave, d.state, d.before,
      d.heard, d.because
    from firmware_rollout_device d left join asset a on a.id = d.asset where d.rollout = ${id}
    order by d.wave, case d.state when 'failed' then 0 when 'installing' then 1 when 'waiting' then 2 else 3 end, d.asset
    limit 5000`.execute(database);
  const devices = rows.map(({ heard, ...row }) => ({
    ...row,
    heard: heard === null ? null : formatMicros(heard),
  }));
  return { ...rolloutRow(rollout), devices };
}
