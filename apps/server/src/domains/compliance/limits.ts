/** The longest for which a person's word on a control counts: 45 CFR 164.308(a)(8) asks to look again from time to time. */
export const LONGEST_DAYS = 366;
/** Records that are listed: one a day, for more than a year. */
export const RECORDS_SHOWN = 400;
/** How long an answer of now counts as now: a page asks several things at once. */
export const NOW_MICROS = 1_000_000;
/** How often it is looked whether this day's judgement was recorded. */
export const ROUND_MS = 300_000;
/** The state of one record, unpacked: 64 questions with a hundred members each are 3 MB. */
export const STATE_BYTES = 64 * 1024 * 1024;
