import type { revocationWhys } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import { act } from '../../../ledger/append.ts';
import type { Executor } from '../../../store/database.ts';

export interface Revocation {
  why: (typeof revocationWhys)[number];
  reason: string;
}

/**
 * A certificate holds no more. The server's own doors know it from this transaction on; its list and its answer are signed anew right
 * after, and an old answer is told to nobody.
 */
export async function revoke(
  context: Context,
  actor: string,
  id: string,
  { why, reason }: Revocation,
): Promise<{ id: string; serial: string }> {
  const at = context.now();
  const { rows } = await sql<{ serial: string; zone: string; holder: string }>`
    select serial, zone, holder from certificate where id = ${id}`.execute(context.database);
  const [found] = rows;
  if (found === undefined) throw new Refusal('not-found');
  const entry = {
    at,
    actor,
    action: 'certificate.revoke',
    subject: `certificate:${id}`,
    changes: { ...found, why },
    reason,
  };
  await act(context.database, entry, async (transaction) => {
    if (!(await markRevoked(transaction, id, why, at)))
      throw new Refusal('conflict', 'It was revoked already');
  });
  return { id, serial: found.serial };
}

/** False where it was revoked already. */
export async function markRevoked(
  transaction: Executor,
  id: string,
  why: Revocation['why'],
  at: number,
): Promise<boolean> {
  const { rows } = await sql<{ authority: string }>`
    update certificate set revoked = ${at}, revoked_why = ${why}, answer = null, answer_until = 0
    where id = ${id} and revoked is null returning authority`.execute(transaction);
  if (rows[0] === undefined) return false;
  await sql`update authority set list_due = 0 where id = ${rows[0].authority}`.execute(transaction);
  return true;
}

/**
 * Nothing by which a device could come in again holds any more: its certificates, and codes that were not used. Within the transaction of
 * the act that led to it, whose ledger entry names the serial numbers.
 */
export async function revokeAllOf(
  transaction: Executor,
  asset: string,
  why: Revocation['why'],
  at: number,
): Promise<string[]> {
  const { rows } = await sql<{ id: string; serial: string }>`select id, serial from certificate
    where asset = ${asset} and revoked is null and not_after > ${at} order by issued for update`.execute(
    transaction,
  );
  for (const { id } of rows) await markRevoked(transaction, id, why, at);
  await sql`update enrolment_code set expires = ${at} where asset = ${asset} and spent is null and expires > ${at}`.execute(
    transaction,
  );
  return rows.map(({ serial }) => serial);
}

/** How many certificates of a device hold. */
export async function holdingOf(database: Executor, asset: string, at: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from certificate
    where asset = ${asset} and revoked is null and not_after > ${at}`.execute(database);
  return rows[0]!.n;
}
