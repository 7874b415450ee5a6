import type { Micros, Severity } from '@wardline/model';
import type { LogEvent } from './event.ts';

/** Where events must come from. */
export interface LogSource {
  product: string | null;
  service: string | null;
}

/** One document that finds events. */
export interface SigmaSearch {
  /** What correlations call it: its name, else its id. */
  names: readonly string[];
  title: string;
  severity: Severity;
  source: LogSource;
  matches: (event: LogEvent) => boolean;
}

export const correlationTypes = ['event_count', 'value_count', 'temporal', 'temporal_ordered'] as const;

/** What is counted over events that searches find. */
export interface Correlation {
  type: (typeof correlationTypes)[number];
  /** Places of its searches among those of the rule. */
  of: readonly number[];
  groupBy: readonly string[];
  within: Micros;
  /** The field whose values are counted. */
  field: string | null;
  /** Whether a count is told. */
  reached: (count: number) => boolean;
}

/** A rule of Sigma for log lines, or for facts of protocols. */
export interface SigmaRule {
  severity: Severity;
  title: string;
  advice: string | null;
  searches: readonly SigmaSearch[];
  /** Null where each event that is found is told. */
  correlation: Correlation | null;
}
