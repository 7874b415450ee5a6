/** Bounds of identities, each with its reason. */

/** Authorities of a hospital, earlier ones among them: a hundred zones with some rollovers. */
export const AUTHORITIES = 1000;
/** Makers whose certificates are pinned; a hospital buys from some hundreds. */
export const MAKERS = 1000;
/** Enrolments that wait for a person; beyond, whoever comes is told to come later. A person looks at some dozens. */
export const WAITING_ENROLMENTS = 2000;
/** Certificates of one holder that hold at once: two while one is renewed, some more for a device that lost its keys often. */
export const CERTIFICATES_PER_HOLDER = 8;
/** Whoever answers has a certificate of its own without revocation, so that it lives a month at most. */
export const RESPONDER_DAYS = 30;
/** A list holds a day: long enough to survive a night without the server, short enough that an old one is of little use to a thief. */
export const LIST_MICROS = 24 * 3_600_000_000;
/** An answer holds half a day, for the same reason. */
export const ANSWER_MICROS = 12 * 3_600_000_000;
/** Answers that are signed in one step: some tenths of a second of one processor. */
export const ANSWERS_AT_ONCE = 500;
/** Questions to TPMs that wait for an answer; an answer takes seconds, and thousands of devices never come in one moment. */
export const OPEN_CHALLENGES = 2000;
/** A TPM answers within seconds; a slow one on a slow network within a minute or two. */
export const CHALLENGE_MICROS = 5 * 60_000_000;
/** Measurements of one boot that are kept; a boot measures some hundred. */
export const BOOT_EVENTS = 4000;
/** What a device shows of its boot: a log of at most 1 MiB in base64, and what stands beside it. */
export const BOOT_BODY_BYTES = 2 * 1024 * 1024;
/** When a device that waits for a person asks again, in seconds. */
export const RETRY_SECONDS = 60;
/** Days of the calendar of what ends. */
export const CALENDAR_DAYS = 120;
/** What stands first on the page of trust. */
export const NEXT_EVENTS = 12;
/** Networks that devices join by certificate: a hospital has a handful, a group of them some dozens. */
export const SUPPLICANT_NETWORKS = 500;
/** Devices of one answer on who can join by certificate; a person works through some hundred. */
export const READINESS_LISTED = 2000;
/** How soon after it was read the list of authorities is read again for a question about one that is not on it, in milliseconds. */
export const AUTHORITIES_AGAIN_MS = 1000;
/** Certificates that are looked up by one statement; some milliseconds of the database. */
export const LOOKED_UP_AT_ONCE = 500;
/** Certificates that wait to be looked up: a second or two of questions. */
export const WAITING_LOOKUPS = 10_000;
/** A question on certificates, as the reader of them bounds it. */
export const QUESTION_BYTES = 4096;
/** Questions that are answered at a time at the door for them; beyond, whoever asks is told to come later. */
export const ASKED_AT_ONCE = 5000;
/** A minute: what is revoked is known everywhere soon, and a thousand relying parties behind one proxy ask once. */
export const KEPT_SECONDS = 60;
