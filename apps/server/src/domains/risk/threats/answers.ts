import { randomUUID } from 'node:crypto';
import {
  formatMicros,
  type riskVerifyBody,
  type ThreatAnswerTold,
  type threatAnswerBody,
} from '@wardline/model';
import type { ThreatAnswer } from '@wardline/risk';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import { act } from '../../../ledger/append.ts';
import type { Executor } from '../../../store/database.ts';
import { mustBeSecond } from '../second-person.ts';

const DAY_MICROS = 24 * 3600 * 1_000_000;

export interface StoredAnswer {
  id: string;
  threat: string;
  on: 'asset' | 'class';
  onId: string;
  text: string;
  addedBy: string;
  added: number;
  verifiedBy: string | null;
  evidence: string | null;
  verified: number | null;
  holdsUntil: number | null;
}

/** What stands against threats now, at assets and at classes. */
export async function readAnswers(database: Executor): Promise<StoredAnswer[]> {
  const { rows } = await sql<StoredAnswer>`
    select id, threat, on_kind as on, on_id as "onId", text, added_by as "addedBy", added, verified_by as "verifiedBy",
      evidence, verified, holds_until as "holdsUntil"
    from threat_answer where removed is null order by added, id`.execute(database);
  return rows;
}

/** Those about an asset, and those about its class. */
export const answersFor = (
  answers: readonly StoredAnswer[],
  asset: string | null,
  deviceClass: string | null,
): StoredAnswer[] =>
  answers.filter(({ on, onId }) => (on === 'asset' ? onId === asset : onId === (deviceClass ?? 'unknown')));

export const weighable = ({
  id,
  threat,
  text,
  evidence,
  verified,
  holdsUntil,
}: StoredAnswer): ThreatAnswer => ({
  id,
  threat,
  text,
  verification:
    verified === null || holdsUntil === null
      ? null
      : { evidence: evidence ?? '', at: verified, until: holdsUntil },
});

export const toldAnswer = ({
  id,
  text,
  on,
  addedBy,
  added,
  verifiedBy,
  evidence,
  holdsUntil,
}: StoredAnswer): ThreatAnswerTold => ({
  id,
  text,
  on,
  addedBy,
  added: formatMicros(added),
  verifiedBy,
  evidence,
  holdsUntil: holdsUntil === null ? null : formatMicros(holdsUntil),
});

/** Somebody says what answers a threat. It does not count until somebody else has looked. */
export async function addAnswer(
  context: Context,
  actor: string,
  threat: string,
  { on, text, reason }: z.infer<typeof threatAnswerBody>,
): Promise<string> {
  await mustBe(context, threat, on);
  const at = context.now();
  const id = randomUUID();
  const changes = { answer: id, on: on.kind, id: on.id };
  await act(
    context.database,
    { at, actor, action: 'threat.answer', subject: threat, changes, reason },
    async (transaction) => {
      await sql`insert into threat_answer (id, threat, on_kind, on_id, text, added_by, added)
        values (${id}, ${threat}, ${on.kind}, ${on.id}, ${text}, ${actor}, ${at})`.execute(transaction);
    },
  );
  return id;
}

/** @throws Refusal where there is no such threat, class or asset */
async function mustBe(
  { knowledge, database }: Context,
  threat: string,
  on: z.infer<typeof threatAnswerBody>['on'],
): Promise<void> {
  if (!knowledge.threats.all.has(threat)) throw new Refusal('not-found', `There is no threat ${threat}`);
  if (on.kind === 'class') {
    if (on.id !== 'unknown' && !knowledge.taxonomy.classes.has(on.id))
      throw new Refusal('not-found', `There is no class ${on.id}`);
    return;
  }
  const { rows } = await sql`select 1 from asset where id = ${on.id} and not gone`.execute(database);
  if (rows.length === 0) throw new Refusal('not-found', `There is no asset ${on.id}`);
}

/** Somebody looked, and says how they saw that it works, and for how long that holds. */
export async function verifyAnswer(
  context: Context,
  actor: string,
  id: string,
  { evidence, days, reason }: z.infer<typeof riskVerifyBody>,
): Promise<void> {
  const at = context.now();
  const until = at + days * DAY_MICROS;
  const entry = { at, actor, action: 'threat.verify', subject: id, changes: { until }, reason };
  await act(context.database, entry, async (transaction) => {
    const { rows } = await sql<{ added_by: string }>`
      select added_by from threat_answer where id = ${id} and removed is null for update`.execute(
      transaction,
    );
    mustBeSecond(rows[0], actor);
    await sql`update threat_answer set verified_by = ${actor}, evidence = ${evidence}, verified = ${at}, holds_until = ${until}
      where id = ${id}`.execute(transaction);
  });
}

/** It is no more; it stays on record. */
export async function removeAnswer(
  context: Context,
  actor: string,
  id: string,
  reason: string,
): Promise<void> {
  const at = context.now();
  const entry = { at, actor, action: 'threat.remove', subject: id, changes: {}, reason };
  await act(context.database, entry, async (transaction) => {
    const { rows } = await sql`update threat_answer set removed = ${at}
      where id = ${id} and removed is null returning id`.execute(transaction);
    if (rows.length === 0) throw new Refusal('not-found');
  });
}
