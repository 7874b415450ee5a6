import type { ServerAccess } from '../../api/client.ts';
import { apply } from '../../enforcement/apply.ts';
import { EngineError } from '../../enforcement/engine.ts';
import { type Point, PointError } from '../../enforcement/point.ts';
import { statusOf } from '../../enforcement/status.ts';
import { CommandError } from '../../exit-codes.ts';
import { changeOfGround, groundFor, keepRevision } from './ground.ts';
import { digestOf } from './inputs.ts';

/** `tried`: the kernel or the proof refused it. */
export type Followed =
  | { done: true; ended: number | null }
  | { done: false; tried: boolean; because: string };

/**
 * Takes the devices as they count now under the version that runs here already: the sets of addresses change, sessions that are not allowed
 * any more end, the rest goes on. Another version is put in place by a person, on trial; what is on trial, and what somebody changed
 * by hand, is left alone.
 */
export async function follow(access: ServerAccess, name: string, point: Point): Promise<Followed> {
  const { running, trial, kernel } = await statusOf(point);
  if (running === null || trial !== null || kernel !== 'same')
    return { done: false, tried: false, because: 'nothing that was confirmed and proved runs here' };
  const ground = await groundFor(access, name);
  if (digestOf(ground.text) !== running.policy?.text)
    return {
      done: false,
      tried: false,
      because: `version ${ground.version} waits to be put in place by a person`,
    };
  const change = changeOfGround(point.engine.kind, ground);
  if (change.policy.assets === running.policy.assets) {
    keepRevision(point, ground.revision);
    return { done: true, ended: 0 };
  }
  try {
    const { ended } = await apply(point, change, null);
    keepRevision(point, ground.revision);
    return { done: true, ended };
  } catch (error) {
    const isExpected =
      error instanceof PointError || error instanceof EngineError || error instanceof CommandError;
    if (!isExpected) throw error;
    return { done: false, tried: true, because: error.message };
  }
}
