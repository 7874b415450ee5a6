import type { DisclosureStep } from '@wardline/model';

/** Days from the receipt of a report within which each step is to be done. */
export const STEP_DAYS: Readonly<Record<DisclosureStep, number>> = {
  // ISO/IEC 29147 §7.3: an answer within seven days.
  acknowledge: 7,
  assess: 14,
  'hand-over': 14,
  // FDA, Postmarket Management of Cybersecurity (2016) §VII.B: fixed within 60 days of learning of it.
  fix: 60,
  // The period that most finders of weaknesses grant.
  publish: 90,
};
