import { type AlertReceiverList, formatMicros, type ReceiverSettings } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { numbersKept } from '../watch/index.ts';

interface Row {
  id: string;
  name: string;
  settings: ReceiverSettings;
  has_secret: boolean;
  paused: boolean;
  added: number;
  added_by: string;
  start: number;
  sent: number;
  sure: number;
  missing: number;
  last_sent: number | null;
  trouble: string | null;
  trouble_since: number | null;
}

/** Every receiver, with how far it was served by whichever server. */
export async function listReceivers({ database, now }: Context): Promise<AlertReceiverList> {
  const { rows } = await sql<Row>`
    select r.id, r.name, r.settings, r.sealed is not null as has_secret, r.paused, r.added, r.added_by, r.start,
      s.sent, s.sure, s.missing, s.last_sent, s.trouble, s.trouble_since
    from alert_receiver r join alert_receiver_state s on s.receiver = r.id where r.removed is null order by r.name`.execute(
    database,
  );
  const { latest } = await numbersKept(database);
  return { asOf: formatMicros(now()), latest, items: rows.map((row) => receiverOf(row, latest)) };
}

function receiverOf(row: Row, latest: number): AlertReceiverList['items'][number] {
  const { id, name, settings, paused, sent, sure, missing, trouble } = row;
  return {
    id,
    name,
    settings,
    hasSecret: row.has_secret,
    paused,
    added: formatMicros(row.added),
    addedBy: row.added_by,
    from: row.start,
    sent,
    sure,
    waiting: Math.max(0, latest - sent),
    missing,
    lastSent: row.last_sent === null ? null : formatMicros(row.last_sent),
    trouble: trouble === null ? null : { since: formatMicros(row.trouble_since!), text: trouble },
  };
}
