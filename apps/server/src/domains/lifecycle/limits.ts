/** A backup of a device's settings older than this, in days, is taken for outdated: settings and drug libraries change with the year. */
export const BACKUP_DAYS = 366;
