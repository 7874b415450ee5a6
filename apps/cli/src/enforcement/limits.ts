/** Bounds of an enforcement point, each with its reason. */

/** Shorter, and a person cannot look whether care still works; a watchdog of a busy machine needs a moment, too. */
export const SHORTEST_TRIAL_SECONDS = 2;
/** Longer, and nobody is waiting any more: the trial would end when nobody looks. */
export const LONGEST_TRIAL_SECONDS = 3600;
/** What ran before can be looked up; a version is some megabytes at most. */
export const VERSIONS_KEPT = 20;
/** A listing of 200,000 elements is about 10 MB; what is larger is not a table that Wardline made. */
export const LISTING_BYTES = 256 * 1024 * 1024;
/** Each session is ended by a program of its own, some milliseconds long; beyond this all are asked anew at once. */
export const SESSIONS_ENDED_ONE_BY_ONE = 500;
/** How long one command waits for another one at the same enforcement point. */
export const LOCK_MILLIS = 30_000;
/** How long the watchdog may take until it stands guard, on a busy machine. */
export const GUARD_MILLIS = 30_000;
/** Of an entry of the journal that is shown. */
export const JOURNAL_SHOWN = 20;
/** One record of the log: 128 octets of a packet and its attributes; what says to be longer is no record of ours. */
export const RECORD_OCTETS = 65_536;
/** Of one command to a running HAProxy, whose buffer holds 16 kB. */
export const MAP_COMMAND_CHARACTERS = 8000;
/** A gateway with thousands of listening ports takes seconds to start; a busy machine longer. */
export const RELOAD_MILLIS = 60_000;
