/** Bounds of sending alerts to receivers, each with its reason. */

/** Receivers that are served at once: each has a connection, and a queue at the database's turns. */
export const RECEIVERS = 20;
/** Numbered states that are read at once: each is a few kilobytes. */
export const AT_ONCE = 100;
/** What may be on its way to a syslog receiver without being sure; more waits, so that a break sends no more than this anew. */
export const UNSURE = 5000;
/** A receiver that cannot be served for so long is told on the overview. */
export const AWAY_MICROS = 900_000_000;
/** What of an error is kept and shown. */
export const TROUBLE_CHARS = 300;
/** Stories that one mail names; the others are counted. */
export const MAIL_STORIES = 20;
/** A relay that does not answer within this time is away. */
export const MAIL_MILLISECONDS = 20_000;
/** Bytes of a webhook's answer that are read; nothing of it is used. */
export const ANSWER_BYTES = 64 * 1024;
