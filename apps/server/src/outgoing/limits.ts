/** A request that is not answered within this time is given up. */
export const OUTGOING_MILLISECONDS = 10_000;
/** An answer beyond this is refused where the caller sets no bound of its own: provider metadata and keys have some kilobytes. */
export const OUTGOING_BYTES = 1024 * 1024;
/** Redirects that are followed at the most, where they are followed at all. */
export const OUTGOING_REDIRECTS = 5;
