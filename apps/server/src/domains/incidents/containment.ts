import { randomUUID } from 'node:crypto';
import {
  type ContainmentPreview,
  type ContainmentRow,
  type containmentBody,
  type EffectRow,
  formatMicros,
} from '@wardline/model';
import { type Containment, contain, type Kept, parsePolicy, printPolicy } from '@wardline/policy';
import type { z } from 'zod';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { CONTAINMENT_MICROS } from '../../limits.ts';
import { currentVersion, keepDraft } from '../segmentation/index.ts';
import { happen, readIncident } from './records.ts';

interface Order {
  number: number;
  assets: readonly string[];
  keep: readonly string[];
}

/** What a containment would end of what was heard in the last thirty days, and how each is named. */
interface Foreseen {
  ends: ContainmentRow[];
  containment: Containment;
}

/** @throws Refusal where there is no such incident, or what is to be kept is not there */
export async function previewContainment(context: Context, order: Order): Promise<ContainmentPreview> {
  await readIncident(context.database, order.number);
  const { ends, containment } = await foresee(context, order);
  return {
    asOf: formatMicros(context.now()),
    ends,
    lifeCritical: ends.filter(({ isLifeCritical }) => isLifeCritical).length,
    kept: containment.keep.map(
      ({ peer, outwards, protocol, port }) =>
        `${outwards ? 'to' : 'from'} ${peer} ${protocol}${port === null ? '' : ` ${port}`}`,
    ),
  };
}

/**
 * Orders a containment: the life-critical conversations that it ends are worked out anew, and each must be signed for. The
 * order becomes a draft of the policy in force, which is proposed and approved like any other; nothing is cut before.
 * @throws Refusal where a life-critical conversation is neither kept nor signed for
 */
export async function orderContainment(
  context: Context,
  actor: string,
  number: number,
  { assets, keep, signed, reason }: z.infer<typeof containmentBody>,
): Promise<{ draft: string; ends: number }> {
  await readIncident(context.database, number);
  const { ends, containment } = await foresee(context, { number, assets, keep });
  const critical = ends.filter(({ isLifeCritical }) => isLifeCritical);
  const unsigned = critical.filter(({ key }) => !signed.some((one) => one.key === key));
  if (unsigned.length > 0)
    throw new Refusal(
      'conflict',
      `It ends ${unsigned.length} life-critical conversations that are neither kept nor signed for, the first: ${sentence(unsigned[0]!)}.`,
      { errors: unsigned.map((row) => ({ path: row.key, message: sentence(row) })) },
    );
  const draft = await draftOf(context, containment);
  const answers = signed.filter((one) => critical.some(({ key }) => key === one.key));
  const text = [reason, ...answers.map(({ key, by }) => `${by} answers for ${key}.`)]
    .join(' ')
    .slice(0, 4000);
  const changes = { assets, keep, ends: ends.length, endsLifeCritical: critical.length, draft: draft.id };
  const happening = {
    number,
    actor,
    action: 'incident.contain',
    kind: 'containment' as const,
    text,
    changes,
  };
  await happen(context, happening, (transaction) =>
    keepDraft(transaction, { ...draft, actor, at: context.now() }),
  );
  return { draft: draft.id, ends: ends.length };
}

async function foresee(context: Context, { number, assets, keep }: Order): Promise<Foreseen> {
  const named = { name: `incident-${number}`, title: `Containment of incident ${number}`, assets };
  const all = await endedBy(context, { ...named, keep: [] });
  const missing = keep.find((key) => !all.some((row) => keyOf(row) === key));
  if (missing !== undefined)
    throw new Refusal(
      'conflict',
      `Nothing of the last thirty days is ${missing}: look at the preview again.`,
    );
  const containment = {
    ...named,
    keep: all.filter((row) => keep.includes(keyOf(row))).map((row) => keptOf(row, assets)),
  };
  const rows = keep.length === 0 ? all : await endedBy(context, containment);
  // A routed conversation is heard on both of its VLANs, and is one to whoever decides.
  const told = new Map(rows.map((row) => [keyOf(row), rowOf(row)]));
  const ends = [...told.values()].toSorted((a, b) => Number(b.isLifeCritical) - Number(a.isLifeCritical));
  return { ends, containment };
}

async function endedBy(context: Context, containment: Containment): Promise<EffectRow[]> {
  const text = printPolicy(contain(null, containment));
  const span = { from: context.now() - CONTAINMENT_MICROS, to: null };
  const { cut, effect } = await context.policyDesk.ask(
    { ask: 'simulate', text, enforced: false, span, against: null },
    context.now(),
  );
  if (cut.length < effect.cut)
    throw new Refusal(
      'conflict',
      `It would end ${effect.cut} conversations, more than a person can look at: contain fewer devices at once.`,
    );
  return cut;
}

const serviceOf = ({ transport, serverPort }: EffectRow): string =>
  `${transport}${serverPort === null ? '' : `/${serverPort}`}`;
const keyOf = (row: EffectRow): string =>
  `${row.client.ip ?? row.client.name}>${row.server.ip ?? row.server.name} ${serviceOf(row)}`;

function keptOf(row: EffectRow, assets: readonly string[]): Kept {
  const outwards = row.client.asset !== null && assets.includes(row.client.asset);
  const peer = outwards ? row.server.ip : row.client.ip;
  if (peer === null)
    throw new Refusal('conflict', `${keyOf(row)} cannot be kept: its other side has no address.`);
  return { peer, outwards, protocol: row.transport, port: row.serverPort };
}

function rowOf(row: EffectRow): ContainmentRow {
  const party = ({ asset, name, criticality }: EffectRow['client']) => ({ asset, name, criticality });
  return {
    key: keyOf(row),
    client: party(row.client),
    server: party(row.server),
    service: row.application === null ? serviceOf(row) : `${row.application} (${serviceOf(row)})`,
    lastSeen: row.lastSeen,
    isLifeCritical: [row.client, row.server].some(({ criticality }) => criticality === 'life-critical'),
  };
}

const sentence = ({ client, server, service }: ContainmentRow): string =>
  `${client.name} with ${server.name}, ${service}`;

/** The policy in force with the containment in it; nothing is in force by that. */
async function draftOf(context: Context, containment: Containment) {
  const current = await currentVersion(context.database);
  const policy = current === null ? null : parsePolicy(current.text).policy;
  const text = printPolicy(contain(policy, containment));
  return { id: randomUUID(), name: containment.title, text, basedOn: current?.version ?? null };
}
