import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import type { Principal } from './principal.ts';

/**
 * Who holds a right only for a time gives nothing away by it: else one approval, or one emergency, would make a chain of others.
 * @throws Refusal
 */
export function mayGiveAway({ authorisation, now }: Context, principal: Principal, action: string): void {
  const lasting = { ...principal, grants: principal.grants.filter(({ origin }) => origin === 'assigned') };
  if (authorisation.decide(lasting, action, now(), false).kind === 'allowed') return;
  throw new Refusal(
    'conflict',
    'You hold this right for a time only, and give nothing away by it; somebody who holds it lastingly has to',
  );
}
