/** Bounds of backups, each with its reason. */

/** Changes that PostgreSQL decodes at once, and some more to the end of a transaction: some hundred megabytes in its temporary files. */
export const CHANGES_AT_ONCE = 200_000;
/** Of one statement that puts rows back; PostgreSQL counts parameters in 16 bits. */
export const ROW_PARAMETERS = 30_000;
/** How often it is looked whether a backup is due. */
export const ROUND_MILLISECONDS = 2000;
/** A full backup that failed is tried again after a quarter of an hour: what was at fault is rarely gone sooner. */
export const RETRY_MICROS = 900_000_000;
/** How often it is looked whether backups are overdue; they are planned in hours. */
export const ALARM_MILLISECONDS = 60_000;
/** While they are, whoever is on duty hears of it once a day. */
export const ALARM_AGAIN_MICROS = 86_400_000_000;
