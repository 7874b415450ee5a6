import type { learningOrders } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { act } from '../../ledger/append.ts';
import type { Executor } from '../../store/database.ts';

type Order = (typeof learningOrders)[number];

const kinds = { end: 'end-learning', on: 'learn-on', anew: 'learn-anew' } as const;

/**
 * Orders a site's watch to end learning, to go on with it, or to begin it anew. The order waits in the inbox behind what came before it,
 * so that it is carried out exactly there, and once.
 * @throws Refusal where there is nothing of the site to watch, or it is so already
 */
export async function orderLearning(
  context: Context,
  actor: string,
  site: number,
  { order, reason }: { order: Order; reason: string },
): Promise<void> {
  const at = context.now();
  const entry = { at, actor, action: 'watch.learning', subject: `site:${site}`, changes: { order }, reason };
  await act(context.database, entry, async (transaction) => {
    const { mode, devices } = await lockSite(transaction, site);
    const next = order === 'end' ? 'watching' : 'learning';
    if (order !== 'anew' && mode === next) throw new Refusal('conflict', `The watch is ${mode} already.`);
    if (order === 'end' && devices === 0)
      throw new Refusal('conflict', 'Nothing was learnt yet: everything would be told as new.');
    await sql`insert into watch_inbox (site, kind, received) values (${site}, ${kinds[order]}, ${at})`.execute(
      transaction,
    );
    await sql`update watch_site set mode = ${next}, since = ${at}, fault = null, fault_at = null where site = ${site}`.execute(
      transaction,
    );
  });
  context.watchSoon();
  context.events.emit('watch', 'ledger');
}

/**
 * A person looked at what a device did while learning, and answers for it: it is judged by its habits again.
 * @throws Refusal where the device was not held back
 */
export async function trustDevice(
  context: Context,
  actor: string,
  site: number,
  { device, reason }: { device: string; reason: string },
): Promise<void> {
  const at = context.now();
  const entry = { at, actor, action: 'watch.trust', subject: `site:${site}`, changes: { device }, reason };
  await act(context.database, entry, async (transaction) => {
    await lockSite(transaction, site);
    // Told as trusted at once; the watch follows when it comes to it.
    const { numAffectedRows } = await sql`update watch_site set held_back = held_back - ${device}::text,
      held_back_count = greatest(0, held_back_count - 1) where site = ${site} and held_back ? ${device}`.execute(
      transaction,
    );
    if (numAffectedRows !== 1n) throw new Refusal('conflict', `${device} was not held back.`);
    await sql`insert into watch_inbox (site, kind, received, device) values (${site}, 'trust', ${at}, ${device})`.execute(
      transaction,
    );
  });
  context.watchSoon();
  context.events.emit('watch', 'ledger');
}

async function lockSite(transaction: Executor, site: number): Promise<{ mode: string; devices: number }> {
  const { rows } = await sql<{ mode: string; devices: number }>`
    select mode, devices from watch_site where site = ${site} for update`.execute(transaction);
  if (rows[0] === undefined) throw new Refusal('not-found');
  return rows[0];
}
