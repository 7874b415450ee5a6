import { randomUUID } from 'node:crypto';
import { parseMicros, type RotationCause, type RotationState } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { act } from '../../ledger/append.ts';
import type { Executor } from '../../store/database.ts';
import { WINDOW_AHEAD_MICROS, WINDOW_MICROS } from './limits.ts';
import { destroyVersions, secretFor } from './store.ts';

/** Says that a secret is to be changed; nothing happens until a person orders it. What waits already stays as it is. */
export async function propose(
  transaction: Executor,
  secret: string,
  cause: RotationCause,
  at: number,
): Promise<void> {
  await sql`insert into secret_rotation (id, secret, cause, state, proposed)
    values (${randomUUID()}, ${secret}, ${cause}, 'proposed', ${at}) on conflict do nothing`.execute(
    transaction,
  );
}

export interface Order {
  opens: string;
  closes: string;
  reason: string;
}

/**
 * A person's order to change a secret on its device, within a window: what was proposed, what is stuck, or anew.
 * @throws Refusal where the window is none, or it is out or being changed
 */
export async function order(
  context: Context,
  actor: string,
  id: string,
  { reason, ...window }: Order,
): Promise<{ id: string; state: RotationState }> {
  const at = context.now();
  const { opens, closes } = windowOf(window, at);
  const changes = { opens, closes };
  const entry = { at, actor, action: 'secret.rotate', subject: `secret:${id}`, changes, reason };
  return act(context.database, entry, async (transaction) => {
    const { kind } = await secretFor(transaction, id);
    if (kind === 'kept')
      throw new Refusal('conflict', 'Nothing changes this secret but people; say afterwards what it is now');
    await mustNotRun(transaction, id);
    await propose(transaction, id, 'order', at);
    const { rows } = await sql<{ id: string }>`
      update secret_rotation set state = 'ordered', ordered_by = ${actor}, opens = ${opens}, closes = ${closes}, tries = 0
      where secret = ${id} and state in ('proposed', 'ordered', 'stuck') returning id`.execute(transaction);
    return { id: rows[0]!.id, state: 'ordered' as const };
  });
}

function windowOf({ opens, closes }: Omit<Order, 'reason'>, at: number): { opens: number; closes: number } {
  const [from, until] = [instantOf(opens), instantOf(closes)];
  if (until <= from) throw new Refusal('invalid-request', 'closes: the window has to close after it opens');
  if (until <= at) throw new Refusal('invalid-request', 'closes: the window is over');
  if (until - from > WINDOW_MICROS) throw new Refusal('invalid-request', 'closes: a window is a day at most');
  if (from > at + WINDOW_AHEAD_MICROS) throw new Refusal('invalid-request', 'opens: at most a month ahead');
  return { opens: from, closes: until };
}

function instantOf(text: string): number {
  const time = parseMicros(text);
  if (time === null || !Number.isFinite(time))
    throw new Refusal('invalid-request', 'opens, closes: must be times (RFC 3339)');
  return time;
}

async function mustNotRun(transaction: Executor, secret: string): Promise<void> {
  const { rows } = await sql<{ running: boolean; held: boolean }>`
    select exists (select 1 from secret_rotation where secret = ${secret} and state = 'running') as running,
      exists (select 1 from secret_checkout where secret = ${secret} and ended is null) as held`.execute(
    transaction,
  );
  if (rows[0]!.running) throw new Refusal('conflict', 'It is being changed on the device now');
  if (rows[0]!.held)
    throw new Refusal(
      'conflict',
      'Somebody has it now, and would lose the device in the middle of their work',
    );
}

/** Takes an order or a proposal back. What may have reached the device already is not taken back by it. @throws Refusal */
export async function cancel(context: Context, actor: string, id: string, reason: string): Promise<void> {
  const at = context.now();
  const entry = { at, actor, action: 'secret.cancel', subject: `secret:${id}`, changes: {}, reason };
  await act(context.database, entry, async (transaction) => {
    await secretFor(transaction, id);
    const { rows } = await sql<{ sent: boolean }>`
      update secret_rotation set state = 'cancelled', ended = ${at}, said = 'Taken back.'
      where secret = ${id} and state in ('proposed', 'ordered') and not sent returning sent`.execute(
      transaction,
    );
    if (rows.length === 0)
      throw new Refusal(
        'conflict',
        'Nothing waits here that could be taken back; what reached the device has to be brought to its end',
      );
    await destroyVersions(transaction, id, ['next'], at);
  });
}
