import { randomUUID } from 'node:crypto';
import { type Checkout, formatMicros } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { act } from '../../ledger/append.ts';
import type { Executor } from '../../store/database.ts';
import { shown } from './credential.ts';
import { propose } from './orders.ts';
import { openVersion, secretFor, versionsOf } from './store.ts';

const MINUTE_MICROS = 60_000_000;

/** One person has it at a time, so that it is known who did what by it. Told once, in this answer. @throws Refusal */
export async function checkOut(
  context: Context,
  actor: string,
  id: string,
  { minutes, reason }: { minutes: number; reason: string },
): Promise<Checkout> {
  const [checkout, at] = [randomUUID(), context.now()];
  const until = at + minutes * MINUTE_MICROS;
  const changes = { checkout, minutes };
  const entry = { at, actor, action: 'secret.check-out', subject: `secret:${id}`, changes, reason };
  const { account, values } = await act(context.database, entry, async (transaction) => {
    const secret = await secretFor(transaction, id);
    await mustBeFree(transaction, id, at);
    const versions = await versionsOf(transaction, id);
    const current = versions.get('current')!;
    await sql`insert into secret_checkout (id, secret, version, actor, at, until)
      values (${checkout}, ${id}, ${current.number}, ${actor}, ${at}, ${until})`.execute(transaction);
    return { account: secret.account, values: await valuesOf(context, versions) };
  });
  return { checkout, account, until: formatMicros(until), values };
}

/** Where a change is stuck, the device may hold the next one already: whoever goes there needs both. */
async function valuesOf(
  context: Context,
  versions: Awaited<ReturnType<typeof versionsOf>>,
): Promise<Checkout['values']> {
  const current = shown(await openVersion(context, versions.get('current')!));
  const next = versions.get('next');
  if (next === undefined) return current;
  const maybe = shown(await openVersion(context, next));
  return [...current, ...maybe.map(({ name, value }) => ({ name: `${name}, if the change arrived`, value }))];
}

async function mustBeFree(transaction: Executor, secret: string, at: number): Promise<void> {
  const { rows } = await sql<{ held: boolean; changing: boolean }>`
    select exists (select 1 from secret_checkout where secret = ${secret} and ended is null) as held,
      exists (select 1 from secret_rotation where secret = ${secret} and (state = 'running'
        or (state = 'ordered' and opens <= ${at} and closes > ${at}))) as changing`.execute(transaction);
  if (rows[0]!.held)
    throw new Refusal('conflict', 'Somebody has it now; it is given out again when they have returned it');
  if (rows[0]!.changing) throw new Refusal('conflict', 'It is being changed on the device; wait until it is');
}

/** Given back, so that it is to be changed. @throws Refusal where it is not out */
export async function giveBack(
  context: Context,
  actor: string,
  { secret, checkout }: { secret: string; checkout: string },
): Promise<void> {
  const at = context.now();
  const entry = {
    at,
    actor,
    action: 'secret.return',
    subject: `secret:${secret}`,
    changes: { checkout },
    reason: null,
  };
  await act(context.database, entry, async (transaction) => {
    const { rows } = await sql`update secret_checkout set ended = ${at}, ending = 'returned'
      where id = ${checkout} and secret = ${secret} and ended is null returning 1`.execute(transaction);
    if (rows.length === 0) throw new Refusal('not-found');
    await propose(transaction, secret, 'return', at);
  });
}
