/** How often hours that are due are looked at. */
export const ROUND_MS = 600_000;
/** An hour that is not over yet is looked at again no sooner. */
export const UNFINISHED_MICROS = 600_000_000;
/** Hours of one site that are folded together: one statement reads them from disk once. */
export const FOLDED_HOURS = 168;
/** Assets whose use is worked out without a pause: some ten milliseconds, in which the server answers nobody. */
export const ASSETS_AT_ONCE = 50;
/** What utilisation and windows rest on: a rhythm of weeks shows, and a change of it is forgotten after a month. */
export const WEEKS = 4;
/** A window is proposed where each of its hours was watched so often at the least: one quiet week is chance. */
export const LEAST_TIMES = 3;
/** How old what is told of a silent asset may be before it is worked out anew. */
export const STALE_MICROS = 6 * 3_600_000_000;
/** Assets that classes are told from: a large hospital has some 10,000. */
export const CLASS_ASSETS = 100_000;
/** Rest between two looks at which assets have changed, as a multiple of how long the last one took. */
export const REST = 20;
