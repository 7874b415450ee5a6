import type { Alert, Severity } from '@wardline/model';

/** One state of an alert, as it was told under a number that has no gap before it. */
export interface NumberedAlert {
  number: number;
  site: number;
  /** When it was told: microseconds since the epoch. */
  at: number;
  alert: Alert;
}

/** The five grades, by the numbers of OCSF (`severity_id`) and of CEF (0 to 10). */
export const severityNumbers: Readonly<Record<Severity, { ocsf: number; cef: number }>> = {
  critical: { ocsf: 5, cef: 10 },
  high: { ocsf: 4, cef: 8 },
  medium: { ocsf: 3, cef: 5 },
  low: { ocsf: 2, cef: 3 },
  info: { ocsf: 1, cef: 1 },
};
