import { readUdi } from '@wardline/formats';
import {
  formatMicros,
  type Lifecycle,
  type LifecycleState,
  type lifecycleMoveBody,
  lifecycleMoves,
  type Udi,
} from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { act } from '../../ledger/append.ts';
import type { Executor } from '../../store/database.ts';
import { revokeAllOf } from '../identity/index.ts';
import { matchDevices } from '../recalls/index.ts';
import { backupsOf } from './backups.ts';
import { commissioningChecks, leavingChecks } from './checks.ts';
import { factsOf, loadDevice, type StoredDevice } from './facts.ts';

/** Where a device stands, what may follow, what is to be done, and everything that was. */
export async function lifecycleOf(context: Context, id: string): Promise<Lifecycle> {
  const device = await loadDevice(context, id);
  const facts = await factsOf(context, device);
  const { state, since, udi, purchase } = device;
  return {
    asset: device.id,
    assetName: device.name,
    state,
    since: since === null ? null : formatMicros(since),
    may: [...lifecycleMoves[state]],
    udi,
    purchase,
    checks: commissioningChecks(facts),
    leaving: leavingChecks(facts),
    history: await historyOf(context.database, id),
    backups: await backupsOf(context.database, id),
  };
}

async function historyOf(database: Executor, id: string): Promise<Lifecycle['history']> {
  const { rows } = await sql<Omit<Lifecycle['history'][number], 'at'> & { at: number }>`
    select "from", "to", at, actor, reason, sanitisation, checks from lifecycle_event
    where asset_id = ${id} order by id desc limit 500`.execute(database);
  return rows.map((row) => ({ ...row, at: formatMicros(row.at) }));
}

/** Moves a device on; how its checklist stood goes into the record with it. */
export async function moveDevice(
  context: Context,
  actor: string,
  id: string,
  body: z.infer<typeof lifecycleMoveBody>,
): Promise<void> {
  const device = await loadDevice(context, id);
  await checkMove(context, device, body);
  const facts = await factsOf(context, device);
  const leaves = body.to === 'decommissioned';
  const sanitisation = body.sanitisation ?? null;
  const checks = leaves
    ? leavingChecks({ ...facts, sanitised: true, certificates: 0, state: body.to, since: null })
    : commissioningChecks(facts);
  const at = context.now();
  const revoked: string[] = [];
  const changes = {
    from: device.state,
    to: body.to,
    open: checks.filter(({ answer }) => answer === 'open').map((one) => one.id),
    unknown: checks.filter(({ answer }) => answer === 'unknown').map((one) => one.id),
    ...(sanitisation === null
      ? {}
      : { method: sanitisation.method, verification: sanitisation.verification }),
    ...(body.purchase === undefined ? {} : { purchase: body.purchase }),
    ...(leaves ? { revoked } : {}),
  };
  const entry = { at, actor, action: 'lifecycle.move', subject: `asset:${id}`, changes, reason: body.reason };
  await act(context.database, entry, async (transaction) => {
    await sql`insert into lifecycle_event (asset_id, "from", "to", at, actor, reason, sanitisation, checks)
      values (${id}, ${device.state}, ${body.to}, ${at}, ${actor}, ${body.reason},
        ${sanitisation === null ? null : JSON.stringify(sanitisation)}::jsonb, ${JSON.stringify(checks)}::jsonb)`.execute(
      transaction,
    );
    if (leaves) revoked.push(...(await revokeAllOf(transaction, id, 'out-of-service', at)));
    await keepState(transaction, { id, state: body.to, at, purchase: body.purchase ?? null, udi: null });
    if (body.purchase !== undefined)
      await sql`update purchase set state = 'commissioned', modified = ${at} where id = ${body.purchase}`.execute(
        transaction,
      );
  });
  if (revoked.length > 0) await context.trust.now();
}

interface Kept {
  id: string;
  state: LifecycleState | null;
  at: number;
  purchase: string | null;
  udi: Udi | null;
}

/** What is null stays as it was. */
async function keepState(transaction: Executor, { id, state, at, purchase, udi }: Kept): Promise<void> {
  await sql`insert into lifecycle (asset_id, state, since, purchase, udi)
    values (${id}, ${state ?? 'observed'}, ${at}, ${purchase}, ${udi === null ? null : JSON.stringify(udi)}::jsonb)
    on conflict (asset_id) do update set state = coalesce(${state}, lifecycle.state),
      since = case when ${state}::text is null then lifecycle.since else excluded.since end,
      purchase = coalesce(excluded.purchase, lifecycle.purchase), udi = coalesce(excluded.udi, lifecycle.udi)`.execute(
    transaction,
  );
}

async function checkMove(
  context: Context,
  { state }: StoredDevice,
  body: z.infer<typeof lifecycleMoveBody>,
): Promise<void> {
  if (!lifecycleMoves[state].includes(body.to))
    throw new Refusal('conflict', `A device that is ${state} does not become ${body.to}`);
  if ((body.to === 'decommissioned') !== (body.sanitisation !== undefined))
    throw new Refusal(
      'invalid-request',
      'sanitisation: the record of how data were removed comes with decommissioning, and with nothing else',
    );
  if (body.sanitisation?.verification !== 'none' && body.sanitisation?.verifiedBy === '')
    throw new Refusal('invalid-request', 'sanitisation.verifiedBy: say who has verified it');
  if (body.purchase === undefined) return;
  if (body.to !== 'commissioned')
    throw new Refusal('invalid-request', 'purchase: it is named when a device is commissioned');
  const { rows } = await sql<{
    state: string;
  }>`select state from purchase where id::text = ${body.purchase}`.execute(context.database);
  if (rows[0] === undefined) throw new Refusal('not-found', `There is no assessment ${body.purchase}`);
  if (!['approved', 'conditional', 'commissioned'].includes(rows[0].state))
    throw new Refusal('conflict', 'This product was not approved');
}

/** Keeps a device's identifier as its label has it. */
export async function identify(
  context: Context,
  actor: string,
  id: string,
  { code, reason }: { code: string; reason: string },
): Promise<void> {
  const reading = readUdi(code, new Date(context.now() / 1000).getUTCFullYear());
  if ('fault' in reading)
    throw new Refusal(
      'invalid-request',
      `code: at character ${reading.fault.offset + 1}: ${reading.fault.message}`,
    );
  await loadDevice(context, id);
  const { udi } = reading;
  const at = context.now();
  const changes = { agency: udi.agency, device: udi.device };
  const entry = { at, actor, action: 'lifecycle.identify', subject: `asset:${id}`, changes, reason };
  await act(context.database, entry, async (transaction) => {
    await keepState(transaction, { id, state: null, at, purchase: null, udi });
    await matchDevices(transaction, context, [id]);
  });
}

/** Identifiers that came with devices of another system, by asset. */
export async function takeIdentifiers(
  context: Context,
  actor: string,
  taken: readonly { asset: string; udi: Udi }[],
  reason: string,
): Promise<void> {
  const at = context.now();
  const changes = { devices: taken.length };
  const entry = { at, actor, action: 'lifecycle.import', subject: 'lifecycle', changes, reason };
  await act(context.database, entry, async (transaction) => {
    for (const { asset, udi } of taken)
      await keepState(transaction, { id: asset, state: null, at, purchase: null, udi });
    await matchDevices(
      transaction,
      context,
      taken.map(({ asset }) => asset),
    );
  });
}
