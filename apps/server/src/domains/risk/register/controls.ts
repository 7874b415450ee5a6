import { randomUUID } from 'node:crypto';
import type { RiskControl, riskControlBody } from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import { act } from '../../../ledger/append.ts';
import type { Executor } from '../../../store/database.ts';
import { mustBeSecond } from '../second-person.ts';

const DAY_MICROS = 24 * 3600 * 1_000_000;

interface Stored {
  risk: string;
  id: string;
  text: string;
  kind: RiskControl['kind'];
  strength: RiskControl['strength'];
  on: RiskControl['on'];
  by: string | null;
  evidence: string | null;
  at: number | null;
  until: number | null;
}

/** The controls on each of the given risks, with those of the risk that it is joined into. */
export async function controlsOf(
  database: Executor,
  risks: readonly string[],
): Promise<ReadonlyMap<string, RiskControl[]>> {
  const { rows } = await sql<Stored>`
    select w.risk, c.id, c.text, c.kind, c.strength, c.acts_on as on, c.verified_by as by, c.evidence, c.verified as at,
      c.holds_until as until
    from (select distinct unnest(${[...risks]}::text[]) as risk) w
      left join risk_joined j on j.risk = w.risk
      join risk_control c on c.risk in (w.risk, j.into_risk) and c.removed is null
    order by c.added, c.id`.execute(database);
  const found = new Map<string, RiskControl[]>();
  for (const { risk, ...row } of rows) found.set(risk, [...(found.get(risk) ?? []), controlOf(row)]);
  return found;
}

function controlOf({ by, evidence, at, until, ...rest }: Omit<Stored, 'risk'>): RiskControl {
  const verification =
    by === null || at === null || until === null ? null : { by, evidence: evidence ?? '', at, until };
  return { ...rest, verification };
}

/** Somebody says that there is a control. It does not count until somebody else has looked. */
export async function addControl(
  context: Context,
  actor: string,
  risk: string,
  { text, kind, strength, on, reason }: z.infer<typeof riskControlBody>,
): Promise<string> {
  const at = context.now();
  const id = randomUUID();
  const changes = { control: id, kind, strength, on };
  await act(
    context.database,
    { at, actor, action: 'risk.control-add', subject: risk, changes, reason },
    async (transaction) => {
      await mustBe(transaction, risk);
      await sql`insert into risk_control (id, risk, text, kind, strength, acts_on, added_by, added)
      values (${id}, ${risk}, ${text}, ${kind}, ${strength}, ${on}, ${actor}, ${at})`.execute(transaction);
      await markDirty(transaction, risk);
    },
  );
  return id;
}

export interface Verification {
  evidence: string;
  days: number;
  reason: string;
}

/** Somebody looked, and says how they saw that the control works, and for how long that holds. */
export async function verifyControl(
  context: Context,
  actor: string,
  { risk, control }: { risk: string; control: string },
  { evidence, days, reason }: Verification,
): Promise<void> {
  const at = context.now();
  const until = at + days * DAY_MICROS;
  const changes = { control, until };
  await act(
    context.database,
    { at, actor, action: 'risk.control-verify', subject: risk, changes, reason },
    async (transaction) => {
      const { rows } = await sql<{ added_by: string }>`
      select added_by from risk_control where id = ${control} and risk = ${risk} and removed is null for update`.execute(
        transaction,
      );
      mustBeSecond(rows[0], actor);
      await sql`update risk_control set verified_by = ${actor}, evidence = ${evidence}, verified = ${at}, holds_until = ${until}
      where id = ${control}`.execute(transaction);
      await markDirty(transaction, risk);
    },
  );
}

/** The control is no more; it stays on record. */
export async function removeControl(
  context: Context,
  actor: string,
  { risk, control }: { risk: string; control: string },
  reason: string,
): Promise<void> {
  const at = context.now();
  const entry = { at, actor, action: 'risk.control-remove', subject: risk, changes: { control }, reason };
  await act(context.database, entry, async (transaction) => {
    const { rows } = await sql`update risk_control set removed = ${at}
      where id = ${control} and risk = ${risk} and removed is null returning id`.execute(transaction);
    if (rows.length === 0) throw new Refusal('not-found');
    await markDirty(transaction, risk);
  });
}

/** @throws Refusal where there is no such risk */
export async function mustBe(transaction: Executor, risk: string): Promise<void> {
  const { rows } = await sql`select 1 from risk where id = ${risk}`.execute(transaction);
  if (rows.length === 0) throw new Refusal('not-found');
}

/** Its members are scored again soon, also where a run is under way that knew of it before: each mark is a row's new version. */
export async function markDirty(transaction: Executor, risk: string): Promise<void> {
  await sql`insert into risk_dirty (risk) values (${risk})
    on conflict (risk) do update set risk = excluded.risk`.execute(transaction);
}
