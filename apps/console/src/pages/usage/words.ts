import type { SafeWindow, UsageState } from '../../api/usage.ts';
import { dayWords } from '../../format/days.ts';

export const stateWords: Readonly<Record<UsageState, string>> = {
  'in-use': 'In use',
  idle: 'Idle',
  off: 'Off',
  unknown: 'Unknown',
};

export const percent = (share: number) => `${Math.round(share * 100)} %`;

const hourWord = (hour: number) => `${String(hour).padStart(2, '0')}:00`;

/** `Sunday 02:00 to 06:00`. */
export function spanWord({ day, fromHour, hours }: Pick<SafeWindow, 'day' | 'fromHour' | 'hours'>): string {
  return `${dayWords[day]} ${hourWord(fromHour)} to ${hourWord(fromHour + hours)}`;
}

/** What a proposal rests on; its counts before its percentage. */
export function restsOn({ times, timesInUse, atMostInUse }: SafeWindow): string {
  const used =
    timesInUse === 0 ? 'none of them ever in use' : `one of them in use ${timesInUse} times at the most`;
  return `Each hour watched ${times} times at the least, ${used}; at most ${Math.ceil(atMostInUse * 100)} % of its hours in use (95 %).`;
}
