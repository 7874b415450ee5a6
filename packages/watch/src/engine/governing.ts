import type { Micros } from '@wardline/model';

/** What the policy in force says against a conversation. */
export interface Denied {
  /** Declarations that deny it; none: nothing declares it. */
  by: readonly string[];
  /** A must-deny is broken. */
  mustDeny: boolean;
  /** `alert`: its conduit only tells so far; points let it through. */
  mode: 'enforce' | 'alert';
  /** A life-critical device is at one end. */
  lifeCritical: boolean;
}

/** The policy in force, as far as the watch asks it. Whoever keeps assets and policies gives it. */
export interface Governing {
  version: number;
  /** Since when it is in force: what began before is none of its business. */
  since: Micros;
  /** Null where it passes, is only observed, or is not seen between zones. */
  against(client: string, server: string, transport: string, port: number | null): Denied | null;
}
