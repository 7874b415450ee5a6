import { formatMicros, type noticeSchema } from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../context.ts';
import type { Executor } from '../../store/database.ts';

/** What whoever is on duty was told last; no row where all is well. One for all servers on the database. */
export interface AlarmRow {
  what: string;
  since: number;
  told: number;
  notices: z.infer<typeof noticeSchema>[];
}

export async function alarmRow(database: Executor): Promise<AlarmRow | undefined> {
  return (await sql<AlarmRow>`select what, since, told, notices from backup_alarm`.execute(database)).rows[0];
}

/** What the page of backups shows of it. */
export async function alarmTold({ database }: Pick<Context, 'database'>) {
  const row = await alarmRow(database);
  return row === undefined ? null : { at: formatMicros(row.told), notices: row.notices };
}
