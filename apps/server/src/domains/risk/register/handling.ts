import type { RiskState, riskAcceptanceBody, riskAssignBody, riskTreatBody } from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import { act } from '../../../ledger/append.ts';
import type { Executor } from '../../../store/database.ts';
import { mustBe } from './controls.ts';
import { LONGEST_DAYS } from './limits.ts';

const DAY_MICROS = 24 * 3600 * 1_000_000;

export interface Handling {
  state: RiskState;
  owner: string | null;
  proposed_by: string | null;
  deadline: number | null;
  accepted_until: number | null;
}

/** The end of a day, in UTC. */
const endOf = (day: string): number => Date.parse(`${day}T00:00:00Z`) * 1000 + DAY_MICROS;

function endWithin(day: string, at: number): number {
  const end = endOf(day);
  if (end <= at) throw new Refusal('invalid-request', `${day} is over`);
  if (end > at + LONGEST_DAYS * DAY_MICROS)
    throw new Refusal(
      'invalid-request',
      `${day} is more than a year away; a risk is looked at again within a year`,
    );
  return end;
}

/** What persons decided so far, held against a second decision at the same time. */
async function handlingOf(transaction: Executor, risk: string): Promise<Handling> {
  await mustBe(transaction, risk);
  const { rows } = await sql<Handling>`
    select state, owner, proposed_by, deadline, accepted_until from risk_handling where risk = ${risk} for update`.execute(
    transaction,
  );
  return rows[0] ?? { state: 'new', owner: null, proposed_by: null, deadline: null, accepted_until: null };
}

async function mustBePerson(transaction: Executor, owner: string): Promise<void> {
  const { rows } = await sql`select 1 from person where 'person:' || id::text = ${owner} and active`.execute(
    transaction,
  );
  if (rows.length === 0)
    throw new Refusal('invalid-request', 'The owner has to be a person who is active here');
}

/** Gives risks to a person, which triages those that are new. One act for all of them. */
export async function assign(
  context: Context,
  actor: string,
  { risks, owner, deadline, reason }: z.infer<typeof riskAssignBody>,
): Promise<void> {
  const at = context.now();
  const end = deadline === undefined ? null : endWithin(deadline, at);
  const wanted = [...new Set(risks)].sort();
  const subject = wanted.length === 1 ? wanted[0]! : `${wanted.length} risks`;
  const changes = { risks: wanted, owner, deadline: deadline ?? null };
  await act(
    context.database,
    { at, actor, action: 'risk.assign', subject, changes, reason },
    async (transaction) => {
      await mustBePerson(transaction, owner);
      for (const risk of wanted) await mustBe(transaction, risk);
      await sql`insert into risk_handling (risk, state, owner, deadline, triaged, changed)
      select unnest(${wanted}::text[]), 'triaged', ${owner}, ${end}::bigint, ${at}::bigint, ${at}::bigint
      on conflict (risk) do update set owner = excluded.owner, changed = excluded.changed,
        deadline = coalesce(excluded.deadline, risk_handling.deadline),
        escalated = case when excluded.deadline is null then risk_handling.escalated end,
        state = case when risk_handling.state = 'new' then 'triaged' else risk_handling.state end,
        triaged = coalesce(risk_handling.triaged, excluded.triaged)`.execute(transaction);
    },
  );
}

/** Decides what is done. Acceptance waits for somebody else than the owner and whoever asks for it. */
export async function treat(
  context: Context,
  actor: string,
  risk: string,
  body: z.infer<typeof riskTreatBody>,
): Promise<RiskState> {
  const at = context.now();
  const { treatment, plan, owner, deadline, review, reason } = body;
  const state: RiskState = treatment === 'accept' ? 'waiting' : 'treating';
  const end = endWithin(deadline, at);
  const look = review === undefined ? null : endWithin(review, at);
  const changes = { treatment, owner, deadline, review: review ?? null };
  await act(
    context.database,
    { at, actor, action: 'risk.treat', subject: risk, changes, reason },
    async (transaction) => {
      await mustBePerson(transaction, owner);
      await handlingOf(transaction, risk);
      const [due, until] = treatment === 'accept' ? [null, end] : [end, null];
      await sql`insert into risk_handling (risk, state, treatment, plan, owner, proposed_by, deadline, review, accepted_until, triaged, changed)
      values (${risk}, ${state}, ${treatment}, ${plan}, ${owner}, ${actor}, ${due}, ${look}, ${until}, ${at}, ${at})
      on conflict (risk) do update set state = excluded.state, treatment = excluded.treatment, plan = excluded.plan,
        owner = excluded.owner, proposed_by = excluded.proposed_by, approver = null, deadline = excluded.deadline,
        review = excluded.review, accepted_until = excluded.accepted_until, escalated = null, changed = excluded.changed,
        treated = null, triaged = coalesce(risk_handling.triaged, excluded.triaged)`.execute(transaction);
    },
  );
  return state;
}

/** Approves or refuses that a risk is accepted. Neither its owner nor whoever asked for it can. */
export async function decideAcceptance(
  context: Context,
  actor: string,
  risk: string,
  { decision, reason }: z.infer<typeof riskAcceptanceBody>,
): Promise<RiskState> {
  const at = context.now();
  const state: RiskState = decision === 'approve' ? 'accepted' : 'triaged';
  const entry = { at, actor, action: 'risk.decide', subject: risk, changes: { decision }, reason };
  await act(context.database, entry, async (transaction) => {
    const known = await handlingOf(transaction, risk);
    if (known.state !== 'waiting')
      throw new Refusal('conflict', 'No acceptance of this risk waits for a decision');
    if (actor === known.owner || actor === known.proposed_by)
      throw new Refusal('conflict', 'Somebody else than the owner and whoever asked for it has to approve');
    if ((known.accepted_until ?? 0) <= at)
      throw new Refusal('conflict', 'The time for which it was to be accepted is over');
    await sql`update risk_handling set state = ${state}, approver = ${decision === 'approve' ? actor : null}, changed = ${at},
      treated = ${decision === 'approve' ? at : null}::bigint, accepted_until = case when ${decision} = 'approve' then accepted_until end
      where risk = ${risk}`.execute(transaction);
  });
  return state;
}

/** The treatment is carried out. Whether it worked shows in what is observed: the risk closes when its last member is gone. */
export async function complete(context: Context, actor: string, risk: string, reason: string): Promise<void> {
  const at = context.now();
  const entry = { at, actor, action: 'risk.complete', subject: risk, changes: { state: 'done' }, reason };
  await act(context.database, entry, async (transaction) => {
    const { state } = await handlingOf(transaction, risk);
    if (state !== 'treating') throw new Refusal('conflict', 'Only a risk that is being treated can be done');
    await sql`update risk_handling set state = 'done', treated = ${at}, changed = ${at} where risk = ${risk}`.execute(
      transaction,
    );
  });
}
