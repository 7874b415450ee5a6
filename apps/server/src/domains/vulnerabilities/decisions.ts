import type { decideBody } from '@wardline/model';
import type { MatchedAsset, Verdict } from '@wardline/vulnerabilities';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { act } from '../../ledger/append.ts';
import { settle } from './settle.ts';
import type { Ground } from './standing.ts';

/** A person's verdict on an asset and a weakness. @throws Refusal where the advisories do not speak of the two */
export async function decide(
  context: Context,
  actor: string,
  body: z.infer<typeof decideBody>,
): Promise<void> {
  const { asset: id, vulnerability, verdict, justification, ground: kind, reason } = body;
  const at = context.now();
  const changes = { verdict, justification, ground: kind, vulnerability };
  const entry = { at, actor, action: 'vulnerability.decide', subject: id, changes, reason };
  await act(context.database, entry, async (transaction) => {
    const { rows } = await sql<MatchedAsset & { concluded: Verdict }>`
      select a.id, nullif(a.vendor, '') as vendor, nullif(a.document -> 'family' ->> 'value', '') as family,
        nullif(a.model, '') as model, nullif(a.serial, '') as serial, nullif(a.software, '') as software, m.concluded
      from vulnerability_match m join asset a on a.id = m.asset_id
      where m.asset_id = ${id} and m.vulnerability = ${vulnerability}`.execute(transaction);
    const [row] = rows;
    if (row === undefined) throw new Refusal('not-found');
    const ground = groundOf(row, kind === 'model');
    await sql`update vulnerability_decision set fell_at = ${at}, fell_why = 'a later verdict'
      where asset_id = ${id} and vulnerability = ${vulnerability} and fell_at is null`.execute(transaction);
    await sql`insert into vulnerability_decision (asset_id, vulnerability, verdict, justification, ground, actor, reason, at)
      values (${id}, ${vulnerability}, ${verdict}, ${justification}, ${JSON.stringify(ground)}::jsonb, ${actor},
        ${reason}, ${at})`.execute(transaction);
    await settle(transaction, at, new Map([[id, row]]), [{ asset_id: id, vulnerability }]);
  });
}

const groundOf = (row: MatchedAsset & { concluded: Verdict }, holdsOverVersions: boolean): Ground => ({
  vendor: row.vendor,
  model: row.model,
  software: holdsOverVersions ? null : row.software,
  holdsOverVersions,
  concluded: row.concluded,
});
