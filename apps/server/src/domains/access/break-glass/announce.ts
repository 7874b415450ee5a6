import { formatMicros } from '@wardline/model';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import { tellDuty } from './duty-contact.ts';
import type { Entered } from './entry.ts';
import type { Refused } from './plans.ts';

/** Loud: every open console, the log, and whoever is on duty. */
export function announce(context: Context, entered: Entered): { id: string; until: string } {
  const { id, person, role, code } = entered;
  context.log.warn({ emergency: id, person, role, code }, 'emergency access was taken');
  tellDuty(context, entered).catch((err: unknown) =>
    context.log.error({ err }, 'how the duty contact was told could not be kept'),
  );
  return { id, until: formatMicros(entered.until) };
}

/** What was done, told to every open console. @throws Refusal where it was not */
export function settled<T extends object>(context: Context, result: T | Refused | null): Exclude<T, Refused> {
  if (result === null) throw new Refusal('not-found');
  if ('refused' in result) throw new Refusal('conflict', result.refused as string);
  context.events.emit('access', 'ledger');
  return result as Exclude<T, Refused>;
}
