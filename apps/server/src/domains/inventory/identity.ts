import { randomUUID } from 'node:crypto';
import { endpointKey } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { act } from '../../ledger/append.ts';
import { type DecisionRow, decisionColumns, decisionRow, loadAsset } from './detail.ts';

interface Decision {
  site: number;
  kind: 'merge' | 'split';
  left: string[];
  right: string[];
  reason: string;
  subjects: string[];
}

/** A person says that several assets are one. Kept as a decision about their endpoints, which outlives ids. */
export async function mergeAssets(
  context: Context,
  actor: string,
  assets: readonly string[],
  reason: string,
) {
  const [first, ...rest] = [...new Set(assets)];
  if (first === undefined || rest.length === 0)
    throw new Refusal('invalid-request', 'assets: name at least two different ones');
  const { site, keys: left } = await endpointsOf(context, first);
  const others = await Promise.all(rest.map((id) => endpointsOf(context, id)));
  if (others.some((other) => other.site !== site))
    throw new Refusal('invalid-request', 'assets: they stand at different sites, and no device does');
  const right = others.flatMap(({ keys }) => keys);
  return decide(context, actor, { site, kind: 'merge', left, right, reason, subjects: [first, ...rest] });
}

/** A person says that some endpoints of an asset are another device. */
export async function splitAsset(
  context: Context,
  actor: string,
  split: { asset: string; endpoints: readonly string[]; reason: string },
) {
  const { site, keys: all } = await endpointsOf(context, split.asset);
  const right = [...new Set(split.endpoints)];
  const foreign = right.find((key) => !all.includes(key));
  if (foreign !== undefined)
    throw new Refusal('invalid-request', `endpoints: ${foreign} is not of this asset`);
  const left = all.filter((key) => !right.includes(key));
  if (left.length === 0)
    throw new Refusal('invalid-request', 'endpoints: at least one must stay with the asset');
  return decide(context, actor, {
    site,
    kind: 'split',
    left,
    right,
    reason: split.reason,
    subjects: [split.asset],
  });
}

async function endpointsOf(context: Context, id: string): Promise<{ site: number; keys: string[] }> {
  const { site, document } = await loadAsset(context.database, id);
  return { site, keys: document.endpoints.map(endpointKey) };
}

async function decide(context: Context, actor: string, decision: Decision) {
  const id = randomUUID();
  const { site, kind, left, right, reason, subjects } = decision;
  const entry = {
    at: context.now(),
    actor,
    action: `identity.${kind}`,
    subject: `asset:${subjects[0]}`,
    reason,
  };
  await act(
    context.database,
    { ...entry, changes: { decision: id, assets: subjects, left, right } },
    async (transaction) => {
      await sql`insert into identity_decision (id, site, kind, left_keys, right_keys, reason, actor, at)
      values (${id}, ${site}, ${kind}, ${left}, ${right}, ${reason}, ${actor}, ${entry.at})`.execute(
        transaction,
      );
    },
  );
  return { id };
}

/** Takes a decision back; it stays on record. */
export async function undoDecision(context: Context, actor: string, id: string, reason: string) {
  const decision = (await listDecisions(context)).find((entry) => entry.id === id);
  if (!decision) throw new Refusal('not-found', `There is no decision ${id}`);
  if (decision.undoneAt !== null) throw new Refusal('already-undone');
  const at = context.now();
  const entry = { at, actor, action: 'identity.undo', subject: `decision:${id}`, reason };
  await act(context.database, { ...entry, changes: { kind: decision.kind } }, async (transaction) => {
    await sql`update identity_decision set undone_at = ${at} where id = ${id}`.execute(transaction);
  });
  return { id };
}

export async function listDecisions(context: Context) {
  const { rows } = await sql<DecisionRow>`
    select ${decisionColumns} from identity_decision d order by d.at desc, d.id limit 1000`.execute(
    context.database,
  );
  return rows.map(decisionRow);
}
