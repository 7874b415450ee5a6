export interface Pace {
  /** How often new numbers, and changes of receivers, are looked for. */
  poll: number;
  /** How soon a receiver that is away is tried again, and how late at the most. */
  retry: readonly [first: number, longest: number];
  /** How long a syslog connection lives before it is ended in order and made anew, so that what was sent on it becomes sure. */
  renew: number;
}

/** In milliseconds. */
export const usualPace: Pace = { poll: 2000, retry: [1000, 60_000], renew: 60_000 };
