import { type CertificateRow, type certificateListQuery, formatMicros } from '@wardline/model';
import type { FastifyRequest } from 'fastify';
import { type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import { type ListPlan, valuesOf, wordsOf } from '../../../http/list.ts';
import { assetsWithin } from '../../access/index.ts';

/** A row as the database gives it. */
export interface StoredCertificate {
  id: string;
  serial: string;
  zone: string;
  profile: CertificateRow['profile'];
  holder: string;
  asset: string | null;
  asset_name: string | null;
  state: CertificateRow['state'];
  not_before: number;
  not_after: number;
  renew_at: number;
  assurance: CertificateRow['assurance'];
  issued_by: string;
  revoked: number | null;
  revoked_why: CertificateRow['revokedWhy'];
  seen: number | null;
}

/** Revoked before expired, and what was renewed is not due any more. */
export const stateAt = (
  now: number,
): RawBuilder<unknown> => sql`case when c.revoked is not null then 'revoked'
  when c.not_after <= ${now} then 'expired' when c.renew_at <= ${now} and c.renewed is null then 'due' else 'valid' end`;

export const certificateColumns = (
  now: number,
): RawBuilder<unknown> => sql`c.id, c.serial, c.zone, c.profile, c.holder, c.asset,
  a.name as asset_name, ${stateAt(now)} as state, c.not_before, c.not_after, c.renew_at, c.assurance, c.issued_by, c.revoked, c.revoked_why, c.seen`;

const text = (expression: RawBuilder<unknown>) => ({ expression, kind: 'text' as const });
const number = (expression: RawBuilder<unknown>) => ({ expression, kind: 'number' as const });

/** Certificates, those that end first first. */
export function certificatePlan(
  query: Pick<z.infer<typeof certificateListQuery>, 'q' | 'zone' | 'state' | 'asset'>,
  now: number,
  scope: FastifyRequest['scope'] = null,
): ListPlan<StoredCertificate> {
  const [zones, states] = [valuesOf(query.zone), valuesOf(query.state)];
  const searched = sql`lower(c.holder || ' ' || c.serial || ' ' || c.zone || ' ' || coalesce(a.name, ''))`;
  return {
    from: sql`certificate c left join asset a on a.id = c.asset`,
    columns: certificateColumns(now),
    where: [
      ...assetsWithin(scope),
      ...wordsOf(query.q).map((word) => sql`${searched} like ${word}`),
      ...(zones.length === 0 ? [] : [sql`c.zone = any(${zones}::text[])`]),
      ...(states.length === 0 ? [] : [sql`${stateAt(now)} = any(${states}::text[])`]),
      ...(query.asset === undefined ? [] : [sql`c.asset = ${query.asset}`]),
    ],
    id: text(sql`c.id::text`),
    sorts: {
      until: number(sql`c.not_after`),
      holder: text(sql`c.holder`),
      zone: text(sql`c.zone`),
      issued: number(sql`c.issued`),
    },
    defaultSort: 'until',
    row: certificateRow,
  };
}

const instant = (micros: number | null): string | null => (micros === null ? null : formatMicros(micros));

export const certificateRow = (row: StoredCertificate): CertificateRow => ({
  id: row.id,
  serial: row.serial,
  zone: row.zone,
  profile: row.profile,
  holder: row.holder,
  asset: row.asset,
  assetName: row.asset_name,
  state: row.state,
  from: formatMicros(row.not_before),
  until: formatMicros(row.not_after),
  renewAt: formatMicros(row.renew_at),
  assurance: row.assurance,
  issuedBy: row.issued_by,
  revoked: instant(row.revoked),
  revokedWhy: row.revoked_why,
  seen: instant(row.seen),
});
