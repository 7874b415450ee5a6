import type { FixState, ProductWeakness } from '@wardline/model';

export const fixWords: Readonly<Record<FixState, string>> = {
  fixed: 'Fixed in time',
  'fixed-late': 'Fixed late',
  running: 'Time runs',
  overdue: 'Overdue',
  'no-clock': 'No time is given',
};

export const day = (instant: string | null): string => instant?.slice(0, 10) ?? '';

/** What answers it, or is to answer it. */
export function answerOf({ fix, plan }: ProductWeakness): string {
  if (fix !== null) return `${fix.version}, ${day(fix.at)}, by ${fix.by}`;
  if (plan === null) return 'Nothing is planned';
  return `Planned: ${plan.version} by ${plan.day}, ${plan.ownerName}`;
}
