import { type Check, type DeviceBackup, formatMicros } from '@wardline/model';
import { sql } from 'kysely';
import type { Executor } from '../../store/database.ts';
import { BACKUP_DAYS } from './limits.ts';

/** The copies of a device's settings that are still there, the newest first. */
export async function backupsOf(database: Executor, asset: string): Promise<DeviceBackup[]> {
  const { rows } = await sql<DeviceBackup>`
    select id, to_char(made, 'YYYY-MM-DD') as made, kind, place, sha256, software, to_char(tried, 'YYYY-MM-DD') as tried,
      tried_how as "triedHow", added_by as "addedBy"
    from device_backup where asset_id = ${asset} and lost is null order by made desc, id desc limit 100`.execute(
    database,
  );
  return rows;
}

/** Whether a device could be set up again as it is: by the newest copy of its settings. Nobody's word means that there is none. */
export function backupStanding(
  newest: DeviceBackup | null,
  software: string,
  today: string,
): Pick<Check, 'answer' | 'reason'> {
  if (newest === null) return { answer: 'open', reason: 'No backup of its settings is entered.' };
  const { made, kind, tried } = newest;
  if (kind === 'nothing-to-save')
    return { answer: 'done', reason: `It has no settings to save, as ${newest.addedBy} entered on ${made}.` };
  if (newest.software !== '' && software !== '' && newest.software !== software)
    return {
      answer: 'open',
      reason: `Its newest backup is of version ${newest.software}; it runs ${software}.`,
    };
  if (daysBetween(made, today) > BACKUP_DAYS)
    return { answer: 'open', reason: `Its newest backup is of ${made}, more than a year ago.` };
  return tried === null
    ? { answer: 'unknown', reason: `There is a backup of ${made}; nobody has restored it for a try.` }
    : { answer: 'done', reason: `There is a backup of ${made}, restored for a try on ${tried}.` };
}

const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000;

export const dayOf = (micros: number): string => formatMicros(micros).slice(0, 10);
