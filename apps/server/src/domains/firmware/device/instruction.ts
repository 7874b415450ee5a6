import type { DeviceInstruction } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { includedAct } from '../../../ledger/index.ts';
import type { ShownDevice } from '../../identity/index.ts';
import { rosterOf } from '../rollouts/make.ts';

const hex = (hash: Uint8Array): string => Buffer.from(hash).toString('hex');

/** What a device is to do next, with its proofs; null where nothing is. */
export async function instructionFor(
  context: Context,
  { asset, holder }: ShownDevice,
): Promise<DeviceInstruction | null> {
  const { database } = context;
  const { rows } = await sql<{ id: string; path: string; sequence: number; devices: string[] }>`
    select o.id, o.path, l.sequence,
      (select array_agg(e.asset) from firmware_rollout_device e where e.rollout = o.id) as devices
    from firmware_rollout_device d join firmware_rollout o on o.id = d.rollout
      join ledger l on l.subject = 'rollout:' || o.id and l.action = 'rollout.make'
    where d.asset = ${asset} and d.state in ('waiting', 'installing') and o.state in ('running', 'paused', 'halted')
    order by o.begun desc limit 1`.execute(database);
  const [rollout] = rows;
  if (rollout === undefined) return null;
  const act = await includedAct(context, rollout.sequence);
  const place = await rosterOf(rollout.devices).placeOf(holder);
  if (act === null || place === null) return null;
  return {
    rollout: rollout.id,
    path: rollout.path,
    entry: act.entry,
    index: act.sequence - 1,
    proof: act.path,
    note: act.checkpoint,
    device: { index: place.index, proof: place.proof.map(hex) },
  };
}
