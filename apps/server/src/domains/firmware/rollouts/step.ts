import type { rolloutSteps } from '@wardline/model';
import { advance, type DeviceState, type RolloutState, reasonToWait, type Use } from '@wardline/updates';
import { sql, type Transaction } from 'kysely';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import { append } from '../../../ledger/append.ts';
import type { Executor } from '../../../store/database.ts';
import type { Tables } from '../../../store/tables.ts';
import { minutesOpen } from './open-minutes.ts';
import { seenUse } from './seen-use.ts';
import { oneRollout, type StoredRollout } from './stored.ts';

const MINUTE = 60_000_000;
type Step = (typeof rolloutSteps)[number];

const steps: Readonly<Record<Step, { from: readonly RolloutState[]; to: RolloutState }>> = {
  pause: { from: ['running'], to: 'paused' },
  resume: { from: ['paused', 'halted'], to: 'running' },
  stop: { from: ['running', 'paused', 'halted'], to: 'stopped' },
};

/** Rows of one rollout are changed one after the other. */
async function lock(transaction: Executor, id: string): Promise<void> {
  await sql`select from firmware_rollout where id = ${id} for update`.execute(transaction);
}

/**
 * What a person decides. Whoever resumes what halted takes its failures as seen: the devices that failed are taken out of their waves.
 * @throws Refusal where it does not fit the state
 */
export async function stepRollout(
  { database, now }: Context,
  actor: string,
  id: string,
  { step, reason }: { step: Step; reason: string },
): Promise<void> {
  const at = now();
  await database.transaction().execute(async (transaction) => {
    await lock(transaction, id);
    const { state } = await oneRollout(transaction, id);
    const { from, to } = steps[step];
    if (!from.includes(state)) throw new Refusal('conflict', `The rollout is ${state}.`);
    await sql`update firmware_rollout set state = ${to}, settled = null where id = ${id}`.execute(
      transaction,
    );
    const retried = step === 'resume' && state === 'halted' ? await retryFailed(transaction, id) : 0;
    const changes = { from: state, to, retried };
    await append(transaction, {
      at,
      actor,
      action: 'rollout.step',
      subject: `rollout:${id}`,
      changes,
      reason,
    });
  });
}

/** Devices that failed are tried again. */
async function retryFailed(transaction: Executor, id: string): Promise<number> {
  const { numAffectedRows } = await sql`
    update firmware_rollout_device set state = 'waiting', because = '' where rollout = ${id} and state = 'failed'`.execute(
    transaction,
  );
  return Number(numAffectedRows ?? 0);
}

/** A device asks in the moment before it begins; its begin is an act. */
export async function askToBegin(
  { database, knowledge, now }: Context,
  actor: string,
  id: string,
  { asset, use }: { asset: string; use: Use },
): Promise<{ go: boolean; because: string | null; path: string }> {
  const at = now();
  return database.transaction().execute(async (transaction) => {
    await lock(transaction, id);
    await failSilent(transaction, id, at);
    const rollout = await moved(transaction, await oneRollout(transaction, id), at);
    const device = await deviceOf(transaction, id, asset);
    const seen = await seenUse(transaction, knowledge, asset, at);
    const installing = rollout.counts.reduce((sum, count) => sum + count.installing, 0);
    const openMinutes = await minutesOpen(transaction, rollout.plan, asset, at);
    const because = reasonToWait({
      progress: rollout,
      plan: rollout.plan,
      device,
      use: { said: use, seen },
      openMinutes,
      installing,
    });
    const state = because === null ? 'installing' : device.state;
    await sql`update firmware_rollout_device set state = ${state}, heard = ${at}, because = ${because ?? ''}
      where rollout = ${id} and asset = ${asset}`.execute(transaction);
    if (because === null && device.state === 'waiting') {
      const changes = { asset, path: rollout.path, use: { said: use, seen } };
      await append(transaction, {
        at,
        actor,
        action: 'rollout.begin',
        subject: `rollout:${id}`,
        changes,
        reason: null,
      });
    }
    return { go: because === null, because, path: rollout.path };
  });
}

/** A device tells how it ended. @throws Refusal where it had not begun */
export async function takeOutcome(
  { database, now }: Context,
  actor: string,
  id: string,
  { asset, outcome, detail }: { asset: string; outcome: 'done' | 'failed'; detail: string },
): Promise<StoredRollout> {
  const at = now();
  return database.transaction().execute(async (transaction) => {
    await lock(transaction, id);
    const device = await deviceOf(transaction, id, asset);
    if (device.state !== 'installing' && !isSilent(device))
      throw new Refusal('conflict', 'The device had not begun.');
    await sql`update firmware_rollout_device set state = ${outcome}, heard = ${at}, because = ${detail}
      where rollout = ${id} and asset = ${asset}`.execute(transaction);
    const changes = { asset, outcome };
    await append(transaction, {
      at,
      actor,
      action: 'rollout.report',
      subject: `rollout:${id}`,
      changes,
      reason: detail || null,
    });
    return moved(transaction, await oneRollout(transaction, id), at);
  });
}

async function deviceOf(transaction: Executor, id: string, asset: string) {
  const { rows } = await sql<{ state: DeviceState; wave: number; because: string }>`
    select state, wave, because from firmware_rollout_device where rollout = ${id} and asset = ${asset}`.execute(
    transaction,
  );
  if (rows[0] === undefined) throw new Refusal('not-found');
  return rows[0];
}

/** Takes a rollout on by what follows from its waves; that is an act of the server. */
async function moved(transaction: Executor, rollout: StoredRollout, at: number): Promise<StoredRollout> {
  const next = advance(rollout, rollout.counts, rollout.plan, Math.floor(at / 1000));
  const { state, wave, settled } = next;
  if (state === rollout.state && wave === rollout.wave && settled === rollout.settled) return rollout;
  await sql`update firmware_rollout set state = ${state}, wave = ${wave}, settled = ${settled} where id = ${rollout.id}`.execute(
    transaction,
  );
  if (state !== rollout.state || wave !== rollout.wave) {
    const changes = {
      from: { state: rollout.state, wave: rollout.wave },
      to: { state, wave },
      waves: rollout.counts,
    };
    const entry = {
      at,
      actor: 'server',
      action: 'rollout.move',
      subject: `rollout:${rollout.id}`,
      changes,
      reason: null,
    };
    await append(transaction as never, entry);
  }
  return { ...rollout, state, wave, settled };
}

const SILENT = 'silent';
/** It counts as failed because nothing was heard of it; its own word still counts when it comes. */
const isSilent = ({ state, because }: { state: DeviceState; because: string }): boolean =>
  state === 'failed' && because === SILENT;

/**
 * Takes every rollout on: what began and says nothing any more counts as failed, and a wave that was watched long enough is followed
 * by the next.
 */
export async function moveRollouts({ database, now }: Pick<Context, 'database' | 'now'>): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id from firmware_rollout where state in ('running', 'paused', 'halted')`.execute(database);
  for (const { id } of rows)
    await database.transaction().execute(async (transaction) => {
      await lock(transaction, id);
      await failSilent(transaction, id, now());
      await moved(transaction, await oneRollout(transaction, id), now());
    });
}

async function failSilent(transaction: Transaction<Tables>, id: string, at: number): Promise<void> {
  const { rows } = await sql<{ asset: string; minutes: number }>`
    update firmware_rollout_device d set state = 'failed', because = ${SILENT}
    from (select id, (plan->>'silentMinutes')::int as minutes from firmware_rollout where id = ${id}) o
    where d.rollout = o.id and d.state = 'installing' and d.heard <= ${at}::bigint - o.minutes * ${MINUTE}::bigint
    returning d.asset, o.minutes`.execute(transaction);
  for (const { asset, minutes } of rows)
    await append(transaction, {
      at,
      actor: 'server',
      action: 'rollout.silent',
      subject: `rollout:${id}`,
      changes: { asset, minutes },
      reason: null,
    });
}
