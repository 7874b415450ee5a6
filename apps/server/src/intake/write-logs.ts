import type { SensorBatch } from '@wardline/model';
import { sql } from 'kysely';
import type { Executor } from '../store/database.ts';

/** Keeps the lines of logs of a batch, in the order in which they came. */
export async function writeLogs(
  transaction: Executor,
  site: number,
  { sensor, stream, logs = [] }: SensorBatch,
): Promise<void> {
  if (logs.length === 0) return;
  const rows = logs.map(({ source, messageId, evidence, ...line }) => ({
    ...line,
    ip: source.ip ?? '',
    message_id: messageId,
    ...evidence,
  }));
  await sql`
    insert into log_line (site, sensor, stream, at, stated, ip, transport, form, facility, severity, host, application, process,
      message_id, fields, text, capture, packet)
    select ${site}::int, ${sensor}, ${stream}, at, stated, ip, transport, form, facility, severity, host, application, process,
      message_id, fields, text, capture, packet
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row (at bigint, stated bigint, ip text, transport text, form text,
      facility int, severity int, host text, application text, process text, message_id text, fields jsonb, text text,
      capture text, packet bigint)`.execute(transaction);
}
