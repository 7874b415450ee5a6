import { formatMicros, type LogLine, type LogLineList, type logLineQuery } from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../../context.ts';
import { wordsOf } from '../../../http/list.ts';
import type { Executor } from '../../../store/database.ts';
import { namedDevices } from '../named.ts';

interface Row {
  id: number;
  at: number;
  stated: number | null;
  sensor: string;
  ip: string;
  transport: LogLine['transport'];
  form: LogLine['form'];
  facility: number | null;
  severity: number | null;
  host: string | null;
  application: string | null;
  process: string | null;
  message_id: string | null;
  fields: Record<string, string>;
  text: string;
  capture: string;
  packet: number;
}

/** Lines that devices logged, the latest first. */
export async function listLines(
  { database, now }: Context,
  { site, q, device, application, before, limit }: z.infer<typeof logLineQuery>,
): Promise<LogLineList> {
  const words = wordsOf(q).map((word) => sql`lower(concat_ws(' ', host, application, text)) like ${word}`);
  const conditions = [
    sql`site = ${site}`,
    ...(device === undefined ? [] : [sql`ip = ${device}`]),
    ...(application === undefined ? [] : [sql`application = ${application}`]),
    ...(before === undefined ? [] : [sql`id < ${before}`]),
    ...words,
  ];
  const { rows } = await sql<Row>`
    select * from log_line where ${sql.join(conditions, sql` and `)} order by id desc limit ${limit + 1}`.execute(
    database,
  );
  const shown = rows.slice(0, limit);
  const named = await namedDevices(database, site, [...new Set(shown.map(({ ip }) => ip))]);
  const names = new Map(named.map((one) => [one.device, one]));
  return {
    asOf: formatMicros(now()),
    next: rows.length > limit ? shown.at(-1)!.id : null,
    items: shown.map(
      ({
        id,
        at,
        stated,
        sensor,
        ip,
        transport,
        facility,
        severity,
        host,
        application: program,
        text,
        fields,
      }) => ({
        id,
        at: formatMicros(at),
        stated: stated === null ? null : formatMicros(stated),
        sensor,
        transport,
        facility,
        severity,
        host,
        application: program,
        text,
        fields,
        ...(names.get(ip) ?? { device: ip, asset: null, name: ip }),
      }),
    ),
  };
}

/** Lines of a span behind a place, in order, as the watch takes them. */
export async function linesAfter(
  database: Executor,
  { site, from, until }: { site: number; from: number; until: number },
  after: number,
  limit: number,
): Promise<{ id: number; line: LogLine }[]> {
  const { rows } = await sql<Row>`
    select * from log_line where site = ${site} and id > ${after} and at >= ${from} and at < ${until}
    order by id limit ${limit}`.execute(database);
  return rows.map((row) => ({ id: row.id, line: lineOf(row) }));
}

function lineOf({
  at,
  stated,
  ip,
  transport,
  form,
  facility,
  severity,
  host,
  application,
  process,
  ...row
}: Row): LogLine {
  const { message_id: messageId, fields, text, capture, packet } = row;
  const source = { mac: null, ip: ip === '' ? null : ip, vlan: null };
  const head = {
    at,
    stated,
    source,
    transport,
    form,
    facility,
    severity,
    host,
    application,
    process,
    messageId,
  };
  return { ...head, fields, text, evidence: { capture, packet } };
}
