import type { DisclosureClock, DisclosureStep } from '@wardline/model';

export const stepWords: Record<DisclosureStep, string> = {
  acknowledge: 'Answer whoever told it',
  assess: 'Assess it',
  'hand-over': 'Hand it over to the supplier',
  fix: 'Have it fixed or contained',
  publish: 'Publish, or agree on it',
};
export const clockWords: Record<DisclosureClock['state'], string> = {
  done: 'Done',
  'done-late': 'Done, late',
  running: 'To be done',
  overdue: 'Overdue',
  'not-needed': 'Not needed',
};
export const outcomeWords: Record<NonNullable<DisclosureClock['outcome']>, string> = {
  valid: 'It is a weakness',
  'not-valid': 'It is none',
  'known-already': 'It is known already',
};
