import { createHmac } from 'node:crypto';
import { alertText, gapOf } from '@wardline/formats';
import type { WebhookReceiver } from '@wardline/model';
import { placeOf, served } from './cursor.ts';
import { ANSWER_BYTES } from './limits.ts';
import { openSecret } from './secret.ts';
import { type Next, nextAfter, rest, type SendingNeeds, type Way } from './sending.ts';

/** One request for what has come; an answer of 2xx is the receiver's word that it has all of it. */
export const webhookWay: Way = async (needs, receiver, ending) => {
  const { database, now, pace, changed } = needs;
  const settings = receiver.settings as WebhookReceiver;
  const secret = await openSecret(needs.keys, receiver);
  // An answer that was lost on its way leaves the number where it was: the same is sent again.
  for (let { sure } = await placeOf(database, receiver.id); !ending.aborted; ) {
    const next = await nextAfter(database, sure);
    if (next.items.length === 0 && next.gap === null) {
      await rest(pace.poll, ending);
      continue;
    }
    await post(needs, settings, secret ?? '', next);
    sure = next.items.at(-1)?.number ?? next.gap!.upTo;
    const missing = next.gap === null ? 0 : next.gap.upTo - next.gap.from + 1;
    await served(database, receiver.id, { sent: sure, sure, missing, at: now() });
    changed();
  }
};

/** @throws where the receiver did not say that it has it */
async function post(
  { outgoing, teller, now }: SendingNeeds,
  { url, form, ca }: WebhookReceiver,
  secret: string,
  { items, gap }: Next,
): Promise<void> {
  const alerts = items.map((item) => JSON.parse(alertText(item, form, teller.version)) as unknown);
  const body = JSON.stringify({
    from: gap?.from ?? items[0]!.number,
    upTo: items.at(-1)?.number ?? gap!.upTo,
    gone: gap === null ? null : gapOf(gap),
    alerts,
  });
  const timestamp = String(Math.floor(now() / 1_000_000));
  const answer = await outgoing.request(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'wardline-timestamp': timestamp,
      'wardline-signature': `v1=${signatureOf(secret, timestamp, body)}`,
    },
    body,
    most: ANSWER_BYTES,
    ...(ca === null ? {} : { ca }),
  });
  if (!answer.ok) throw new Error(`it answered ${answer.status}`);
}

/** What a receiver works out itself: the timestamp is signed with the body, so that an old message is no new one. */
export const signatureOf = (secret: string, timestamp: string, body: string): string =>
  createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
