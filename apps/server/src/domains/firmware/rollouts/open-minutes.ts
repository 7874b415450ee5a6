import { WindowTimes } from '@wardline/risk';
import type { RolloutPlan } from '@wardline/updates';
import type { Executor } from '../../../store/database.ts';
import { windowsOf } from '../../risk/index.ts';

const MINUTE = 60_000_000;
const DAYS = [0, 1, 2, 3, 4, 5, 6];

/**
 * For how long a device may be out of use from now on, by the hours of the plan and by the maintenance windows that people entered for
 * it: where there are both, both have to be open. Null where there is neither: then nobody has said that it ever may.
 */
export async function minutesOpen(
  database: Executor,
  { window }: RolloutPlan,
  asset: string,
  at: number,
): Promise<number | null> {
  const daily = window === null ? [] : DAYS.map((day) => ({ day, ...window }));
  const said = [daily, await windowsOf(database, asset)].filter((windows) => windows.length > 0);
  if (said.length === 0) return null;
  const times = new WindowTimes(at);
  const ends = said.map((windows) => times.open(windows)?.until ?? at);
  return Math.floor((Math.min(...ends) - at) / MINUTE);
}
