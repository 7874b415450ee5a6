import type { OrderAct } from '@wardline/model';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { foreseeAct } from './foreseen.ts';
import { giveOrder } from './orders.ts';

interface Ordered {
  point: string;
  act: OrderAct;
  trialSeconds: number;
  /** Recorded conversations of life-critical devices that may end, as whoever orders saw it. */
  cutLifeCritical: number;
  reason: string;
}

/**
 * Has a point act. What an application ends is worked out anew, and nobody can order one who did not see how many conversations of
 * life-critical devices it ends. The way back is never held up: whoever goes back has no time.
 * @throws Refusal
 */
export async function orderAct(context: Context, actor: string, ordered: Ordered): Promise<string> {
  const { point, act, trialSeconds, cutLifeCritical, reason } = ordered;
  if (act !== 'apply')
    return giveOrder(context, actor, {
      point,
      act,
      version: null,
      trialSeconds: null,
      reason,
      foreseen: {},
    });
  const { version, ends, endsLifeCritical } = await foreseeAct(context, point, 'apply');
  if (endsLifeCritical > cutLifeCritical)
    throw new Refusal(
      'conflict',
      `It would end ${endsLifeCritical} conversations of life-critical devices that pass there now, and you accepted ${cutLifeCritical}. Look at the preview, and name the number if care allows it.`,
      { cutLifeCritical: endsLifeCritical },
    );
  const foreseen = { ends, endsLifeCritical };
  return giveOrder(context, actor, { point, act, version, trialSeconds, reason, foreseen });
}
