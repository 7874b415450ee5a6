import type { Micros } from '@wardline/model';
import { placeIn } from './scales.ts';
import type { ControlTarget, RiskControl } from './words.ts';

/** Whether a control counts at a moment: it was verified, and that has not run out. */
export const counts = ({ verification }: RiskControl, at: Micros): boolean =>
  verification !== null && verification.at <= at && at < verification.until;

/** Instructions and warnings alone never take away more than a part (ISO 14971, 7.1). */
export const strengthOf = ({ kind, strength }: RiskControl): 'partial' | 'strong' =>
  kind === 'information' ? 'partial' : strength;

/** How much the controls that count take away from one thing, as a place in the scale of strength. */
export function strengthOn(controls: readonly RiskControl[], target: ControlTarget, at: Micros): number {
  const acting = controls.filter((control) => control.on.includes(target) && counts(control, at));
  return Math.min(
    placeIn('strength', 'none'),
    ...acting.map((control) => placeIn('strength', strengthOf(control))),
  );
}
