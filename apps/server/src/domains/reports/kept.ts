import { gunzipSync, gzipSync } from 'node:zlib';
import {
  formatMicros,
  type ReportDocument,
  type ReportExport,
  type ReportRow,
  reportDocumentSchema,
  reportExportForm,
} from '@wardline/model';
import { digestOfDocument } from '@wardline/reports';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { append } from '../../ledger/append.ts';
import { includedAct } from '../../ledger/index.ts';
import type { Executor } from '../../store/database.ts';
import { DOCUMENT_BYTES, REPORTS_SHOWN } from './limits.ts';

/** Keeps a report with its digest in the ledger, both or neither. Resolves to its number. */
export async function keepReport(
  context: Context,
  actor: string,
  made: ReportDocument,
  reason: string,
): Promise<number> {
  const document = reportDocumentSchema.parse(made);
  const { kind, title, subject, at } = document;
  const digest = digestOfDocument(document);
  return context.database.transaction().execute(async (transaction) => {
    const entry = {
      at,
      actor,
      action: 'report.make',
      subject: `report:${kind}`,
      changes: { kind, digest },
      reason,
    };
    const sequence = await append(transaction, entry);
    const { rows } = await sql<{ number: number }>`
      insert into report (kind, title, subject, at, made_by, digest, document, sequence)
      values (${kind}, ${title}, ${subject}, ${at}, ${actor}, ${digest}, ${gzipSync(JSON.stringify(document))}, ${sequence})
      returning number`.execute(transaction);
    return rows[0]!.number;
  });
}

/** The newest first. */
export async function listReports(database: Executor): Promise<ReportRow[]> {
  const { rows } = await sql<Omit<ReportRow, 'at'> & { at: number }>`
    select r.number, r.kind, r.title, r.subject, r.at, coalesce(p.name, r.made_by) as "byName", r.digest, r.sequence
    from report r left join person p on r.made_by = 'person:' || p.id::text
    order by r.number desc limit ${REPORTS_SHOWN}`.execute(database);
  return rows.map((row) => ({ ...row, at: formatMicros(row.at) }));
}

/** A report with its place in the ledger. @throws Refusal where there is none */
export async function exportReport(context: Context, number: number): Promise<ReportExport> {
  const { rows } = await sql<{ digest: string; document: Buffer; sequence: number }>`
    select digest, document, sequence from report where number = ${number}`.execute(context.database);
  const [row] = rows;
  const ledger = row === undefined ? null : await includedAct(context, row.sequence);
  if (row === undefined || ledger === null) throw new Refusal('not-found');
  const text = gunzipSync(row.document, { maxOutputLength: DOCUMENT_BYTES }).toString('utf8');
  return {
    form: reportExportForm,
    hospital: context.config.hospital,
    number,
    document: reportDocumentSchema.parse(JSON.parse(text)),
    digest: row.digest,
    ledger,
  };
}
