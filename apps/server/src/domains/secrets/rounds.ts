import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { Rounds } from '../../jobs/rounds.ts';
import { append } from '../../ledger/append.ts';
import { clinicalWhere } from './clinical.ts';
import { type Connectors, connectors } from './connectors/index.ts';
import { propose } from './orders.ts';
import { rotate, settle, takeUp } from './rotate.ts';

const ROUND_MILLISECONDS = 10_000;
const DAY_MICROS = 24 * 3600 * 1_000_000;
const HOUR_MICROS = 3600 * 1_000_000;

/** Ends what is over, proposes what is due, and carries out what persons ordered, one device after the other. */
export class SecretRounds extends Rounds {
  constructor(context: Context, own: Connectors = connectors) {
    super({
      name: 'secrets of devices',
      turns: context.turns,
      every: ROUND_MILLISECONDS,
      run: async () => {
        const changes = (await sweep(context)) + (await carryOut(context, own));
        if (changes > 0) context.events.emit('secrets', 'ledger');
      },
      failed: ({ message }) => context.log.error({ reason: message }, 'secrets were not looked after'),
    });
  }
}

/** Returns how many orders were carried out. */
async function carryOut(context: Context, own: Connectors): Promise<number> {
  let done = 0;
  for (let job = await takeUp(context); job !== null; job = await takeUp(context)) {
    context.events.emit('secrets');
    await settle(context, job, await rotate({ context, connectors: own }, job));
    done += 1;
  }
  return done;
}

/** What happens by the clock alone. Returns how much of it did. */
export async function sweep(context: Context): Promise<number> {
  const at = context.now();
  return context.database.transaction().execute(async (transaction) => {
    const expired = await sql<{ secret: string; checkout: string }>`
      update secret_checkout set ended = until, ending = 'expired' where ended is null and until <= ${at}
      returning secret, id as checkout`.execute(transaction);
    for (const { secret, checkout } of expired.rows) {
      const what = {
        action: 'secret.expire',
        subject: `secret:${secret}`,
        changes: { checkout },
        reason: null,
      };
      await append(transaction, { at, actor: 'server', ...what });
      await propose(transaction, secret, 'return', at);
    }
    const overdue = await closeMissed(transaction, at);
    for (const { secret, rotation, state } of overdue) {
      const what = {
        action: 'secret.rotation-end',
        subject: `secret:${secret}`,
        changes: { rotation, state },
        reason: null,
      };
      await append(transaction, { at, actor: 'server', ...what });
    }
    const due = await dueSecrets(transaction, at);
    for (const { secret, cause } of due) await propose(transaction, secret, cause, at);
    const standing = await orderStanding(context, transaction, at);
    return expired.rows.length + overdue.length + due.length + standing;
  });
}

type Executing = Parameters<typeof append>[0];

/** Windows that closed: what never reached the device is missed, what may have is stuck. */
async function closeMissed(transaction: Executing, at: number) {
  const { rows } = await sql<{ secret: string; rotation: string; state: string }>`
    update secret_rotation set ended = ${at}, lease = null,
      state = case when sent then 'stuck' else 'missed' end,
      said = case when sent then 'The window closed before it was done; both secrets are kept.' else 'The window closed before it was begun.' end
    where closes <= ${at} and (state = 'ordered' or (state = 'running' and lease < ${at}))
    returning secret, id as rotation, state`.execute(transaction);
  for (const { secret, state } of rows)
    if (state === 'missed')
      await sql`update device_secret_version set state = 'destroyed', sealed = null, ended = ${at}
        where secret = ${secret} and state = 'next'`.execute(transaction);
  return rows;
}

/** Too old, or known to somebody who has left, and nothing of it waits already. */
async function dueSecrets(transaction: Executing, at: number) {
  const { rows } = await sql<{ secret: string; cause: 'schedule' | 'departure' }>`
    select s.id as secret, case when gone.secret is null then 'schedule' else 'departure' end as cause
    from device_secret s left join (
      select distinct c.secret from secret_checkout c join person p on c.actor = 'person:' || p.id::text
        join device_secret_version v on v.secret = c.secret and v.number = c.version and v.state = 'current'
      where not p.active) gone on gone.secret = s.id
    where s.removed is null and (gone.secret is not null or s.changed + s.every_days * ${DAY_MICROS}::bigint <= ${at})
      and not exists (select 1 from secret_rotation r where r.secret = s.id and r.state in ('proposed', 'ordered', 'running', 'stuck'))
      and not exists (select 1 from secret_rotation r where r.secret = s.id and r.state in ('cancelled', 'failed', 'missed')
        and r.ended > ${at - DAY_MICROS})
    limit 1000`.execute(transaction);
  return rows;
}

/** A standing order of the person who adopted it; never for devices of care, whatever they are found to be later. */
async function orderStanding(context: Context, transaction: Executing, at: number): Promise<number> {
  const { rows } = await sql<{ secret: string; rotation: string; by: string }>`
    update secret_rotation r set state = 'ordered', ordered_by = s.added_by, opens = ${at}, closes = ${at + HOUR_MICROS}
    from device_secret s join asset a on a.id = s.asset_id
    where r.secret = s.id and r.state = 'proposed' and s.standing and s.kind <> 'kept' and s.removed is null
      and not ${clinicalWhere(context)}
      and not exists (select 1 from secret_checkout c where c.secret = s.id and c.ended is null)
    returning s.id as secret, r.id as rotation, s.added_by as by`.execute(transaction);
  for (const { secret, rotation, by } of rows) {
    const changes = { rotation, opens: at, closes: at + HOUR_MICROS, standing: by };
    const what = { action: 'secret.rotate', subject: `secret:${secret}`, changes, reason: null };
    await append(transaction, { at, actor: 'server', ...what });
  }
  return rows.length;
}
