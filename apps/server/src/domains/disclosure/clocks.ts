import { type DisclosureClock, type DisclosureStep, disclosureSteps } from '@wardline/model';
import { STEP_DAYS } from './limits.ts';

export interface DoneStep {
  step: DisclosureStep;
  day: string;
  note: string;
  outcome: DisclosureClock['outcome'];
  supplierName: string | null;
  address: string | null;
  actor: string;
}

const DAY = 86_400_000;
const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);

/**
 * How each step of a report stands on a day. `hasProduct`: it is about somebody's product; else there is nobody to hand it to. What
 * was assessed as not valid, or known already, needs no more steps.
 */
export function clocksOf(
  { received, hasProduct }: { received: string; hasProduct: boolean },
  done: readonly DoneStep[],
  today: string,
): DisclosureClock[] {
  const outcome = done.find(({ step }) => step === 'assess')?.outcome ?? null;
  return disclosureSteps.map((step) => {
    const due = dayAfter(received, STEP_DAYS[step]);
    const was = done.find((one) => one.step === step);
    if (was !== undefined) return { ...was, due, state: was.day <= due ? 'done' : 'done-late' };
    const isFirst = step === 'acknowledge' || step === 'assess';
    const isNeeded =
      (outcome === null || outcome === 'valid' || isFirst) && (step !== 'hand-over' || hasProduct);
    const state = isNeeded ? (today > due ? 'overdue' : 'running') : 'not-needed';
    return {
      step,
      due,
      state,
      day: null,
      note: '',
      outcome: null,
      supplierName: null,
      address: null,
      actor: null,
    };
  });
}

/** Whether nothing is left to do. */
export const isClosed = (clocks: readonly DisclosureClock[]): boolean =>
  clocks.every(({ state }) => state !== 'running' && state !== 'overdue');
