import { randomUUID } from 'node:crypto';
import { formatMicros, type makerAddBody, type makerKinds } from '@wardline/model';
import { fingerprintOf, fromPem, PkiError, parseCertificate, printName } from '@wardline/pki';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import { act } from '../../../ledger/append.ts';
import type { Executor } from '../../../store/database.ts';
import { MAKERS } from '../limits.ts';

/** Pins a root by which one maker vouches for its devices (IEEE 802.1AR) or its TPMs, and for those of nobody else. */
export async function addMaker(
  context: Context,
  actor: string,
  { kind, vendor, certificate: text, reason }: z.infer<typeof makerAddBody>,
): Promise<string> {
  const certificate = onlyOne(text);
  if (certificate.basicConstraints?.isAuthority !== true)
    throw new Refusal('invalid-request', 'certificate: it is no authority');
  const [id, at, fingerprint] = [randomUUID(), context.now(), fingerprintOf(certificate)];
  const entry = {
    at,
    actor,
    action: 'maker.add',
    subject: `maker:${id}`,
    changes: { kind, vendor, fingerprint },
    reason,
  };
  await act(context.database, entry, async (transaction) => {
    const { rows } = await sql<{ n: number; taken: number }>`select count(*)::int as n,
      (count(*) filter (where fingerprint = ${fingerprint}))::int as taken from maker`.execute(transaction);
    if (rows[0]!.taken > 0) throw new Refusal('conflict', 'This certificate is pinned already');
    if (rows[0]!.n >= MAKERS)
      throw new Refusal('conflict', `${MAKERS} makers are pinned, and no more can be`);
    await sql`insert into maker (id, kind, vendor, fingerprint, certificate, subject, not_after, added)
      values (${id}, ${kind}, ${vendor}, ${fingerprint}, ${Buffer.from(certificate.der)}, ${printName(certificate.subject)},
        ${certificate.notAfter}, ${at})`.execute(transaction);
  });
  return id;
}

function onlyOne(text: string) {
  try {
    const blocks = fromPem(text, 'CERTIFICATE');
    const read = blocks.length === 1 ? parseCertificate(blocks[0]!) : null;
    if (read?.ok) return read.value;
    throw new Refusal(
      'invalid-request',
      `certificate: ${read === null ? 'one certificate (PEM) is expected' : read.refused.message}`,
    );
  } catch (error) {
    throw error instanceof PkiError ? new Refusal('invalid-request', `certificate: ${error.message}`) : error;
  }
}

/** @throws Refusal where there is no such maker */
export async function removeMaker(
  context: Context,
  actor: string,
  id: string,
  reason: string,
): Promise<void> {
  const entry = {
    at: context.now(),
    actor,
    action: 'maker.remove',
    subject: `maker:${id}`,
    changes: {},
    reason,
  };
  await act(context.database, entry, async (transaction) => {
    const { numAffectedRows } = await sql`delete from maker where id = ${id}`.execute(transaction);
    if (numAffectedRows !== 1n) throw new Refusal('not-found');
  });
}

export async function readMakers(database: Executor) {
  const { rows } = await sql<{
    id: string;
    kind: (typeof makerKinds)[number];
    vendor: string;
    subject: string;
    fingerprint: string;
    until: number;
    added: number;
  }>`
    select id, kind, vendor, subject, fingerprint, not_after as until, added from maker order by vendor, added`.execute(
    database,
  );
  return rows.map((row) => ({ ...row, until: formatMicros(row.until), added: formatMicros(row.added) }));
}
