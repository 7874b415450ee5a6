/** Milliseconds between two looks at whether devices that are new or better known are meant by a notice. */
export const ROUND_MS = 900_000;
/** Notices that are matched before others get a turn. */
export const NOTICES_AT_ONCE = 200;
/** Rows that one statement writes. */
export const ROWS_AT_ONCE = 500;
/** Devices of one notice that are shown; a notice about more is about a whole fleet. */
export const DEVICES_SHOWN = 5000;
