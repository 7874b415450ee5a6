import { randomUUID } from 'node:crypto';
import { productCatalogue } from '@wardline/compliance';
import { formatMicros, type ProductWord, type productVouchBody } from '@wardline/model';
import { type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { act } from '../../ledger/append.ts';
import type { Executor } from '../../store/database.ts';
import { LONGEST_DAYS } from './limits.ts';
import { mustBeActive } from './owner.ts';
import { readProduct } from './products.ts';

const DAY_MICROS = 86_400_000_000;

/** A person vouches for a line of a product's checklist. @throws Refusal */
export async function vouch(
  context: Context,
  actor: string,
  id: string,
  body: z.infer<typeof productVouchBody>,
): Promise<string> {
  const { control, statement, owner, document, sha256, reason } = body;
  if (!context.knowledge.controls.controls.has(`${productCatalogue}:${control}`))
    throw new Refusal('invalid-request', `control: the checklist has no line ${control}`);
  await readProduct(context.database, id);
  const [word, at] = [randomUUID(), context.now()];
  const until = endOf(body.until, at);
  const entry = {
    at,
    actor,
    action: 'product.vouch',
    subject: `product:${id}`,
    changes: { word, control, owner, sha256, until },
    reason,
    personal: { statement, document },
  };
  await act(context.database, entry, async (transaction) => {
    await mustBeActive(transaction, owner);
    await sql`insert into product_word (id, product, control, statement, owner, given_by, document, sha256, since, until)
      values (${word}, ${id}, ${control}, ${statement}, ${owner}, ${actor}, ${document}, ${sha256}, ${at}, ${until})`.execute(
      transaction,
    );
  });
  return word;
}

/** The end of a day that is not over, within a year. @throws Refusal */
function endOf(day: string, at: number): number {
  const end = Date.parse(`${day}T00:00:00Z`) * 1000 + DAY_MICROS;
  if (end <= at) throw new Refusal('invalid-request', `until: ${day} is over`);
  if (end > at + LONGEST_DAYS * DAY_MICROS)
    throw new Refusal(
      'invalid-request',
      `until: ${day} is more than a year away; it is looked at again within a year`,
    );
  return end;
}

/** Ends what was vouched for; that it held until now stays on record. @throws Refusal where it does not hold */
export async function takeWordBack(
  context: Context,
  actor: string,
  { id, word, reason }: { id: string; word: string; reason: string },
): Promise<void> {
  const at = context.now();
  const entry = {
    at,
    actor,
    action: 'product.take-back',
    subject: `product:${id}`,
    changes: { word },
    reason,
  };
  await act(context.database, entry, async (transaction) => {
    const { numAffectedRows } = await sql`update product_word set ended = ${at}
      where id = ${word} and product::text = ${id} and ended is null and until > ${at}`.execute(transaction);
    if (numAffectedRows !== 1n) throw new Refusal('not-found', 'There is no such word that holds');
  });
}

const nameOf = (column: string): RawBuilder<string> =>
  sql`coalesce((select p.name from person p where 'person:' || p.id::text = ${sql.ref(column)}), ${sql.ref(column)})`;

/** Words that hold at a moment. */
export async function wordsAt(database: Executor, id: string, at: number): Promise<ProductWord[]> {
  const { rows } = await sql<Omit<ProductWord, 'since' | 'until'> & { since: number; until: number }>`
    select w.id, w.control, w.statement, w.owner, ${nameOf('w.owner')} as "ownerName", ${nameOf('w.given_by')} as "byName",
      w.document, w.sha256, w.since, w.until
    from product_word w where w.product::text = ${id} and w.ended is null and w.since <= ${at} and w.until > ${at}
    order by w.since, w.id`.execute(database);
  return rows.map(({ since, until, ...rest }) => ({
    ...rest,
    since: formatMicros(since),
    until: formatMicros(until),
  }));
}
