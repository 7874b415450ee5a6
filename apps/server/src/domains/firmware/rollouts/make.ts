import { randomUUID } from 'node:crypto';
import { type RolloutPlan, Roster, waveOf } from '@wardline/updates';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import { append } from '../../../ledger/append.ts';
import { ROLLOUT_DEVICES } from '../../../limits.ts';
import type { Executor } from '../../../store/database.ts';
import { holderLabel } from '../../identity/index.ts';
import { toldVersion } from '../device/running.ts';

export interface NewRollout {
  path: string;
  plan: RolloutPlan;
  reason: string;
}

interface Release {
  sha256: string;
  manufacturer: string;
  model: string;
  version: string;
}

/** Begins a rollout to all devices of the release's maker and model that run another version. @throws Refusal */
export async function makeRollout(
  { database, now }: Context,
  actor: string,
  { path, plan, reason }: NewRollout,
): Promise<string> {
  const [id, at] = [randomUUID(), now()];
  return database.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(7400038)`.execute(transaction);
    const release = await releaseAt(transaction, path);
    const devices = await eligible(transaction, release);
    await sql`insert into firmware_rollout (id, path, sha256, plan, begun, state, wave)
      values (${id}, ${path}, ${release.sha256}, ${JSON.stringify(plan)}::jsonb, ${at}, 'running', 0)`.execute(
      transaction,
    );
    const rows = devices.map(({ asset, before }, place) => ({
      asset,
      before,
      wave: waveOf(place, devices.length, plan),
    }));
    await sql`insert into firmware_rollout_device (rollout, asset, wave, state, before)
      select ${id}::uuid, d.asset, d.wave, 'waiting', d.before
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as d (asset text, wave integer, before text)`.execute(
      transaction,
    );
    const roster = rosterOf(devices.map(({ asset }) => asset));
    if (roster.size < devices.length)
      throw new Refusal('conflict', 'Two of the devices would have the same name in their certificates.');
    const changes = {
      path,
      sha256: release.sha256,
      plan,
      devices: roster.size,
      roster: await roster.root(),
    };
    await append(transaction, {
      at,
      actor,
      action: 'rollout.make',
      subject: `rollout:${id}`,
      changes,
      reason,
    });
    return id;
  });
}

/** Devices by the names that their certificates have. */
export const rosterOf = (assets: readonly string[]): Roster => new Roster(assets.map(holderLabel));

async function releaseAt(transaction: Executor, path: string): Promise<Release> {
  const { rows } = await sql<Release & { open: number }>`
    select r.sha256, r.manufacturer, r.model, r.version, (select count(*)::int from firmware_rollout o
      join firmware_release s using (path, sha256) where o.state in ('running', 'paused', 'halted')
      and lower(s.manufacturer) = lower(r.manufacturer) and lower(s.model) = lower(r.model)) as open
    from firmware_release r where r.path = ${path} and r.withdrawn is null`.execute(transaction);
  const release = rows[0];
  if (release === undefined) throw new Refusal('not-found', `No image is offered as ${path}.`);
  if (release.open > 0)
    throw new Refusal(
      'conflict',
      `A rollout for ${release.manufacturer} ${release.model} is under way; stop it first.`,
    );
  return release;
}

/** Those on which least hangs first; of a kind, in an order that says nothing. @throws Refusal where there is none, or too many */
async function eligible(transaction: Executor, { manufacturer, model, version }: Release) {
  const { rows } = await sql<{ asset: string; before: string }>`
    select a.id as asset, coalesce(t.version, a.software) as before from asset a left join lateral (${toldVersion('a')}) t on true
    where lower(a.vendor) = lower(${manufacturer}) and lower(a.model) = lower(${model}) and coalesce(t.version, a.software) <> ${version}
    order by a.criticality_rank desc, md5(a.id) limit ${ROLLOUT_DEVICES + 1}`.execute(transaction);
  if (rows.length === 0)
    throw new Refusal(
      'conflict',
      `No ${manufacturer} ${model} is known that runs another version than ${version}.`,
    );
  if (rows.length > ROLLOUT_DEVICES) throw new Refusal('conflict', `More than ${ROLLOUT_DEVICES} devices.`);
  return rows;
}
