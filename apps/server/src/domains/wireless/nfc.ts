import { loadNfcChecklist } from '@wardline/knowledge';
import { formatMicros, type NfcChecklist, type nfcAnswerBody } from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { act } from '../../ledger/append.ts';

/** An answer older than this is no answer any more: devices come and go. */
const ANSWER_MICROS = 366 * 86_400_000_000;

interface Stored {
  item: string;
  answer: 'met' | 'not-met' | 'not-applicable';
  note: string;
  at: number;
  actor: string;
}

/** The checklist of NFC with what people found at a site; what nobody looked at within a year is unknown. */
export async function nfcChecklist({ database, now }: Context, site: number): Promise<NfcChecklist> {
  const { rows } =
    await sql<Stored>`select item, answer, note, at, actor from nfc_answer where site = ${site}`.execute(
      database,
    );
  const answers = new Map(rows.map((row) => [row.item, row]));
  const { title, items } = loadNfcChecklist();
  return {
    asOf: formatMicros(now()),
    site,
    title,
    items: items.map((item) => {
      const found = answers.get(item.id);
      const isOld = found !== undefined && found.at < now() - ANSWER_MICROS;
      return {
        ...item,
        answer: found === undefined || isOld ? ('unknown' as const) : found.answer,
        isOld,
        note: found?.note ?? null,
        at: found === undefined ? null : formatMicros(found.at),
        by: found?.actor ?? null,
      };
    }),
  };
}

/** A person went and looked. @throws Refusal where there is no such question or site */
export async function answerNfc(
  context: Context,
  actor: string,
  { site, item, answer, reason }: z.infer<typeof nfcAnswerBody>,
): Promise<void> {
  if (!loadNfcChecklist().items.some(({ id }) => id === item)) throw new Refusal('not-found');
  const at = context.now();
  const changes = { item, answer };
  const entry = { at, actor, action: 'wireless.nfc-answer', subject: `site:${site}`, changes, reason };
  await act(context.database, entry, async (transaction) => {
    const { numAffectedRows } = await sql`
      insert into nfc_answer (site, item, answer, note, at, actor) select id, ${item}, ${answer}, ${reason}, ${at}::bigint, ${actor}
      from site where id = ${site} on conflict (site, item) do update set answer = excluded.answer, note = excluded.note,
        at = excluded.at, actor = excluded.actor`.execute(transaction);
    if (numAffectedRows !== 1n) throw new Refusal('not-found');
  });
  context.events.emit('ledger');
}
