/**
 * Stands guard over one trial, as a process of its own that outlives whoever applied the policy: when nobody confirms in
 * time, what ran before comes back.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { goBack, isOver } from './going-back.ts';
import { Point } from './point.ts';

const LOOK_MILLIS = 200;
const AGAIN_MILLIS = 1000;

async function guard(point: Point, trial: string): Promise<void> {
  while (point.state().trial?.id === trial) {
    if (!isOver(point.state())) await sleep(LOOK_MILLIS);
    else if (!(await end(point, trial))) await sleep(AGAIN_MILLIS);
  }
}

/** Nothing may keep the old policy away: what fails is tried again until it is done or a person has acted. */
async function end(point: Point, trial: string): Promise<boolean> {
  try {
    await point.alone(async () => {
      if (point.state().trial?.id === trial) await goBack(point, 'nobody confirmed it in time');
    });
    return true;
  } catch (error) {
    point.record('refused', point.state().before, `going back failed: ${String(error)}`);
    return false;
  }
}

const [folder = '', trial = ''] = process.argv.slice(2);
const point = new Point(folder);
process.stdout.on('error', () => {});
process.stdout.write('on guard\n');
await guard(point, trial);
