import { BACK_OFF_FIRST, BACK_OFF_MOST } from '../limits.ts';

/**
 * Seconds to wait after so many failures in a row, between half and the whole of a time that doubles: after a power cut of the whole house
 * a thousand devices do not come at the same moment. `chance`: 0 to 1.
 */
export function backOff(failures: number, chance: number): number {
  const most = Math.min(BACK_OFF_MOST, BACK_OFF_FIRST * 2 ** Math.min(failures - 1, 20));
  return most * (0.5 + chance / 2);
}

/** No sooner than a time, and up to half of it later. */
export const later = (seconds: number, chance: number): number => seconds * (1 + chance / 2);
