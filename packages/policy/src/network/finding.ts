/** What is wrong or worth knowing in the configurations of today's network. */
export type FindingCode =
  /** A line that could not be read. */
  | 'refused'
  /** A line that earlier ones hold wholly, one without which the same packets pass, one that holds no packet. */
  | 'never-decides'
  | 'redundant'
  | 'empty'
  /** Anybody may send anything; anybody may use a service that gives hold of a machine. */
  | 'everything-open'
  | 'service-open'
  /** Segments that reach each other without a list, and what they hold together. */
  | 'flat'
  | 'mixed-segment'
  /** A list that no interface has, and one that an interface names and that is nowhere. */
  | 'list-not-bound'
  | 'list-missing'
  /** A condition that the model leaves out. */
  | 'not-modelled';

export const severities = ['high', 'medium', 'low', 'note'] as const;
export type Severity = (typeof severities)[number];

export interface Finding {
  code: FindingCode;
  severity: Severity;
  file: string;
  /** Counted from 1; null where it is of the whole file. */
  line: number | null;
  /** One sentence that a network engineer can check. */
  message: string;
}
