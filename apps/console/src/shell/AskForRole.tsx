import { ApiProblem } from '../api/client.ts';
import { plain } from '../format/words.ts';
import { AppLink } from './AppLink.tsx';
import { addressOf } from './address.ts';

/** Where a role is missing: which would do, and how to ask for it. The narrowest comes first. */
export function AskForRole({ error }: { error: unknown }) {
  const roles = error instanceof ApiProblem ? (error.problem.roles ?? []) : [];
  const askable = roles.filter((role) => role !== 'sensor' && role !== 'device');
  const [first] = askable;
  if (first === undefined) return null;
  return (
    <AppLink href={addressOf('/access', { ask: first })} className="ask-for-role">
      Ask to be {plain(first)} for a time
    </AppLink>
  );
}
