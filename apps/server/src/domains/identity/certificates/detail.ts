import { fingerprintOf, printGeneralName, printName, toPem } from '@wardline/pki';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import { mustParse } from '../authorities/authorities.ts';
import { certificateColumns, certificateRow, type StoredCertificate } from './plan.ts';

/** One certificate with all that it says. @throws Refusal where there is none */
export async function certificateDetail({ database, now }: Context, id: string) {
  const { rows } = await sql<StoredCertificate & { body: Buffer; above: Buffer; key_digest: string }>`
    select ${certificateColumns(now())}, c.body, c.key_digest, y.certificate as above
    from certificate c join authority y on y.id = c.authority left join asset a on a.id = c.asset where c.id = ${id}`.execute(
    database,
  );
  const [row] = rows;
  if (row === undefined) throw new Refusal('not-found');
  const certificate = mustParse(row.body);
  return {
    ...certificateRow(row),
    chain: [row.body, row.above].map((der) => toPem('CERTIFICATE', der)).join(''),
    subject: printName(certificate.subject),
    names: certificate.names.map(printGeneralName),
    keyDigest: row.key_digest,
    fingerprint: fingerprintOf(certificate),
    issuer: printName(certificate.issuer),
  };
}
