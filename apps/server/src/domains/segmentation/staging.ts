import type { PolicySimulation, PolicyStageBody } from '@wardline/model';
import { printPolicy, stagedPolicy } from '@wardline/policy';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { policyOf } from './questions.ts';
import { currentVersion, proposeVersion, readVersion } from './versions.ts';

type Step = Pick<PolicyStageBody, 'conduit' | 'mode'>;

/** What a stage would change of what was recorded, beside the version in force. @throws Refusal */
export async function foreseeStage(context: Context, step: Step): Promise<PolicySimulation> {
  return (await stagedNow(context, step)).foreseen;
}

/**
 * Proposes the version in force with one conduit a stage further, or back. Nothing is in force by it: somebody else approves it as any
 * other version. Nobody proposes one who did not see how many conversations of life-critical devices it ends.
 * @throws Refusal
 */
export async function proposeStage(
  context: Context,
  actor: string,
  { cutLifeCritical, reason, ...step }: PolicyStageBody,
): Promise<number> {
  const { version, from, text, foreseen } = await stagedNow(context, step);
  const ends = foreseen.difference?.newlyCutLifeCritical ?? 0;
  if (ends > cutLifeCritical)
    throw new Refusal(
      'conflict',
      `It would end ${ends} recorded conversations of life-critical devices that pass now, and you accepted ${cutLifeCritical}. Look at what would end, and name the number if care allows it.`,
      { cutLifeCritical: ends },
    );
  const { name } = await readVersion(context.database, actor, version);
  const stage = { conduit: step.conduit, from, to: step.mode, ofVersion: version };
  const { effect } = foreseen;
  return proposeVersion(context, actor, { name, text, authors: [actor], effect, reason, stage });
}

async function stagedNow(context: Context, { conduit, mode }: Step) {
  const current = await currentVersion(context.database);
  if (current === null) throw new Refusal('conflict', 'No policy is in force: approve one first.');
  const staged = stagedPolicy(policyOf(current.text), conduit, mode);
  if ('fault' in staged) throw new Refusal('conflict', `Nothing to propose: ${staged.fault}.`);
  const text = printPolicy(staged.policy);
  const span = { from: null, to: null };
  const question = { ask: 'simulate', text, enforced: false, span, against: current } as const;
  const foreseen = await context.policyDesk.ask(question, context.now());
  return { version: current.version, from: staged.from, text, foreseen };
}
