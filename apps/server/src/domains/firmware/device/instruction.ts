import type { DeviceInstruction } from '@wardline/model';
import type { Roster } from '@wardline/updates';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { includedAct } from '../../../ledger/index.ts';
import { ROSTERS_KEPT } from '../../../limits.ts';
import type { ShownDevice } from '../../identity/index.ts';
import { rosterOf } from '../rollouts/make.ts';

const hex = (hash: Uint8Array): string => Buffer.from(hash).toString('hex');

/** Tells devices what they are to do. A rollout's roster never changes, and is made once however many devices ask. */
export class Instructions {
  readonly #context: Context;
  readonly #rosters = new Map<string, Promise<Roster>>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** What a device is to do next, with its proofs; null where nothing is. */
  async for({ asset, holder }: ShownDevice): Promise<DeviceInstruction | null> {
    const { rows } = await sql<{ id: string; path: string; sequence: number }>`
      select o.id, o.path, l.sequence from firmware_rollout_device d join firmware_rollout o on o.id = d.rollout
        join ledger l on l.subject = 'rollout:' || o.id and l.action = 'rollout.make'
      where d.asset = ${asset} and d.state in ('waiting', 'installing') and o.state in ('running', 'paused', 'halted')
      order by o.begun desc limit 1`.execute(this.#context.database);
    const [rollout] = rows;
    if (rollout === undefined) return null;
    const act = await includedAct(this.#context, rollout.sequence);
    const place = await (await this.#rosterOf(rollout.id)).placeOf(holder);
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

  #rosterOf(rollout: string): Promise<Roster> {
    const known = this.#rosters.get(rollout);
    if (known !== undefined) return known;
    if (this.#rosters.size >= ROSTERS_KEPT) this.#rosters.delete(this.#rosters.keys().next().value!);
    const made = this.#read(rollout);
    this.#rosters.set(rollout, made);
    // What could not be read is read again.
    made.catch(() => this.#rosters.delete(rollout));
    return made;
  }

  async #read(rollout: string): Promise<Roster> {
    const { rows } = await sql<{
      asset: string;
    }>`select asset from firmware_rollout_device where rollout = ${rollout}`.execute(this.#context.database);
    return rosterOf(rows.map(({ asset }) => asset));
  }
}
