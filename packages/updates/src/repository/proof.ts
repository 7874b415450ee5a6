import type { Session } from '../client/ports.ts';
import { refresh } from '../client/refresh.ts';
import { type TrustedSet, type TrustedTargets, updateTargets } from '../client/targets.ts';
import { UpdatesFault } from '../fault.ts';
import { delegatedRoles, rolesFor } from '../metadata/delegations.ts';
import type { TargetFile } from '../metadata/file.ts';
import { type Standing, sourceOf, storeOf } from './standing.ts';

export interface Listed {
  role: string;
  target: TargetFile;
}

/**
 * Shows that devices take a repository: one that comes from the factory, and one that has what stood before.
 * @returns every target that can be reached. @throws UpdatesFault where a device would refuse
 */
export async function proveStanding(
  before: Standing,
  after: Standing,
  now: number,
): Promise<readonly Listed[]> {
  const source = sourceOf(after);
  await trusting({ start: now, source, store: storeOf(before, before.roots.at(-1) ?? after.roots[0]) });
  const factory = {
    start: now,
    source,
    store: storeOf({ ...after, roles: new Map(), snapshot: null, timestamp: null }, after.roots[0]),
  };
  return await listedIn(factory, await trusting(factory), after);
}

async function trusting(session: Session): Promise<TrustedSet> {
  const outcome = await refresh(session);
  if (!outcome.ok) throw outcome.fault;
  return outcome.value;
}

/** Walks every role; each that is published has to be delegated to. @throws UpdatesFault */
async function listedIn(session: Session, trusted: TrustedSet, { roles }: Standing): Promise<Listed[]> {
  const seen = new Map<string, TrustedTargets>([['targets', trusted.targets]]);
  const listed: Listed[] = [];
  for (const [name, { signed }] of seen) {
    for (const target of signed.targets.values()) listed.push({ role: name, target });
    if (signed.delegations === null) continue;
    for (const role of delegatedRoles(signed.delegations))
      if (!seen.has(role.name))
        seen.set(
          role.name,
          await updateTargets(session, trusted, role.name, { role, keys: signed.delegations.keys }),
        );
  }
  const stray = [...roles.keys()].find((name) => !seen.has(name));
  if (stray !== undefined) throw new UpdatesFault('not-listed', `nobody delegates to ${stray}`);
  return listed.filter((one) => mayList(seen, one));
}

/** Whether somebody who delegates to a role does so for this path; the top role may list whatever it wants. */
const mayList = (seen: ReadonlyMap<string, TrustedTargets>, { role, target }: Listed): boolean =>
  role === 'targets' ||
  [...seen.values()].some(
    ({ signed: { delegations } }) =>
      delegations !== null && rolesFor(delegations, target.path).some(({ name }) => name === role),
  );
