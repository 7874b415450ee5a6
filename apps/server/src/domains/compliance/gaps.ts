import { answerOf } from '@wardline/compliance';
import type { Controls } from '@wardline/knowledge';
import { type ControlDetail, formatMicros, type gapRiskBody } from '@wardline/model';
import type { z } from 'zod';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { act } from '../../ledger/append.ts';
import { questionsOfFindings } from '../findings/index.ts';
import { type Gap, type GapRisk, gapRiskId, gapRisks, moveGapRisk, openGapRisk } from '../risk/index.ts';
import { record } from './records.ts';
import { mustBeControl } from './said.ts';
import type { Judgement, Standing } from './standing.ts';

/** What fails in these is in the register by itself, device by device: a second risk of it would count it twice. */
const registered: ReadonlySet<string> = new Set([
  ...questionsOfFindings,
  'vulnerabilities.exploited',
  'vulnerabilities.patched',
  'risk.accepted',
  'risk.treated',
]);

/**
 * What is missing of a control. Each question that fails is a gap, whichever control it is seen from; where none fails and the
 * control is not shown either, the control is.
 * @throws Refusal where nothing is missing, or the register has it already
 */
function gapsOf(controls: Controls, { state, judged }: Standing, ref: string): Gap[] {
  const { status, answers } = judged.get(ref)!;
  if (status === 'met' || status === 'not-applicable')
    throw new Refusal('conflict', `${ref} has no gap: it is ${status.replace('-', ' ')}`);
  const failing = answers.filter(({ outcome }) => outcome === 'fails').map(({ query }) => query);
  if (failing.length === 0) return [gapOfControl(controls, ref)];
  const open = failing.filter((query) => !registered.has(query));
  if (open.length === 0)
    throw new Refusal('conflict', 'What is missing is in the register already, device by device');
  return open.map((id) => {
    const { title, harms } = controls.queries.get(id)!;
    const fact = state.facts.find(({ query }) => query === id)!;
    const isOfAssets = fact.members.some(({ kind, answer }) => kind === 'asset' && answer === 'fails');
    return { gap: id, title: `Not so: ${title}`, harms, assets: isOfAssets ? fact.failing : 0 };
  });
}

function gapOfControl(controls: Controls, ref: string): Gap {
  const { id, title } = controls.controls.get(ref)!;
  const harms = controls.queriesOf(ref).flatMap(({ query }) => query.harms);
  return {
    gap: ref,
    title: `Not shown: ${id} ${title}`,
    harms: harms.length === 0 ? ['privacy', 'operations'] : harms,
    assets: 0,
  };
}

/**
 * A person opens the risk of each gap of a control. Whoever opens it again is told the same one.
 * @throws Refusal where there is no gap, or the control is none
 */
export async function openGaps(
  context: Context,
  actor: string,
  judgement: Judgement,
  { control, level, reason }: z.infer<typeof gapRiskBody> & { control: string },
): Promise<{ risks: string[]; opened: number }> {
  const { controls } = context.knowledge;
  mustBeControl(context, control);
  const gaps = gapsOf(controls, await judgement.standing(undefined), control);
  const at = context.now();
  const known = new Set((await gapRisks(context.database)).map(({ gap }) => gap));
  const risks = gaps.map(({ gap }) => gapRiskId(gap));
  const fresh = gaps.filter(({ gap }) => !known.has(gap));
  if (fresh.length === 0) return { risks, opened: 0 };
  const [names, ids] = [fresh.map(({ gap }) => gap), fresh.map(({ gap }) => gapRiskId(gap))];
  const changes = { control, level, gaps: names, risks: ids };
  const entry = { at, actor, action: 'compliance.gap-open', subject: control, changes, reason };
  await act(context.database, entry, async (transaction) => {
    for (const gap of fresh)
      if (!(await openGapRisk(transaction, gap, { control, level, actor, at })))
        throw new Refusal('conflict', 'Somebody opened it at the same moment');
  });
  return { risks, opened: fresh.length };
}

/** How a gap stands: gone, there, or not known. */
function standsOf(
  controls: Controls,
  { state, judged }: Standing,
  gap: string,
): 'gone' | 'there' | 'unknown' {
  const query = controls.queries.get(gap);
  if (query === undefined) {
    const status = judged.get(gap)?.status;
    return status === 'met' || status === 'not-applicable'
      ? 'gone'
      : status === 'not-met'
        ? 'there'
        : 'unknown';
  }
  const fact = state.facts.find((one) => one.query === gap);
  const { outcome } = answerOf(query, fact, state.at);
  return outcome === 'holds' ? 'gone' : outcome === 'fails' ? 'there' : 'unknown';
}

/**
 * Risks of gaps follow the evidence: one whose gap is gone closes, one whose gap came back opens again; what is not known moves nothing.
 * With the first that moves, how every control stands is recorded, so that its history shows the day. Resolves to how many moved.
 */
export async function followGaps(context: Context, judgement: Judgement): Promise<number> {
  const open = await gapRisks(context.database);
  if (open.length === 0) return 0;
  const { controls } = context.knowledge;
  const standing = await judgement.standing(undefined);
  const moved = open.filter(({ gap, closed }) => {
    const stands = standsOf(controls, standing, gap);
    return closed === null ? stands === 'gone' : stands === 'there';
  });
  let count = 0;
  for (const one of moved) if (await move(context, one)) count += 1;
  if (count === 0) return 0;
  const names = moved.map(({ risk }) => risk).join(', ');
  await record(context, 'server', standing.state, `The gaps of these risks moved: ${names}`.slice(0, 500));
  context.events.emit('risks', 'compliance', 'ledger');
  return count;
}

const move = ({ database, now }: Context, { risk, closed, title }: GapRisk): Promise<boolean> =>
  database.transaction().execute((transaction) =>
    moveGapRisk(transaction, risk, {
      isGone: closed === null,
      at: now(),
      why: closed === null ? 'the evidence shows the opposite.' : `${title}, again.`,
    }),
  );

/** Risks of the gaps of a control, for whoever looks at it. */
export async function risksOfControl(
  { database, knowledge }: Context,
  ref: string,
): Promise<ControlDetail['risks']> {
  const gaps = new Set([ref, ...knowledge.controls.queriesOf(ref).map(({ query }) => query.id)]);
  const risks = (await gapRisks(database)).filter(({ gap }) => gaps.has(gap));
  return risks.map(({ risk, title, state, opened, closed }) => ({
    id: risk,
    title,
    state,
    opened: formatMicros(opened),
    closed: closed === null ? null : formatMicros(closed),
  }));
}
