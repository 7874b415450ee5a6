/** Bounds of the agent, each with its reason. */

/** An answer of an EST server: a certificate or some authorities, in base64. */
export const ANSWER_BYTES = 256 * 1024;
/** A server of the same hospital answers within a second; a busy one, or a wireless link, some more. */
export const EXCHANGE_MILLIS = 30_000;
/** Certificates that a server may show: its own, two between and a root. */
export const SHOWN_CERTIFICATES = 6;
/** The state is a few certificates; a file larger than this was not written by the agent. */
export const STATE_BYTES = 256 * 1024;
/** A passphrase that a person can type and nobody guesses in a year behind scrypt. */
export const PASSPHRASE_CHARACTERS = 16;
/** Data that is sealed is settings and credentials, held in memory while it is; not recordings. */
export const SEALED_BYTES = 64 * 1024 * 1024;
/** First wait after a failure, in seconds. */
export const BACK_OFF_FIRST = 30;
/** Longest wait between attempts while something fails: with renewal at two thirds, a device has a month of hours. */
export const BACK_OFF_MOST = 3600;
/** A server may say when to come again; nobody is told to come never, or all the time. */
export const RETRY_AFTER = { least: 5, most: 6 * 3600 } as const;
/** Looks at itself this often though nothing is due: its clock may have been set, its certificate revoked. */
export const ROUND_SECONDS = 6 * 3600;
/** A clock further from the server's than this is wrong, and the server's is gone by. */
export const CLOCK_MICROS = 5 * 60_000_000;
/** Whatever a clock says, no device asks for certificates more often. */
export const BETWEEN_RENEWALS_MICROS = 3_600_000_000;
/** The state of updates is a few lines; a file of the repository is bounded by what a repository may sign. */
export const UPDATE_STATE_BYTES = 64 * 1024;
export const TRUSTED_FILE_BYTES = 64 * 1024 * 1024;
/** A begin of an image that is kept is read in pieces of so many bytes. */
export const PIECE_BYTES = 256 * 1024;
