import { type EffectRow, formatMicros } from '@wardline/model';
import type { Effect } from '@wardline/policy';

/** A conversation with what decides on it, as it is told. */
export function effectRow({ conversation, verdict }: Effect): EffectRow {
  const { answered: _answered, firstSeen, lastSeen, ...row } = conversation;
  return {
    ...row,
    firstSeen: formatMicros(firstSeen),
    lastSeen: formatMicros(lastSeen),
    by: 'by' in verdict ? [...verdict.by] : [],
    breaksMust: verdict.kind === 'cut' && verdict.breaksMust,
  };
}
