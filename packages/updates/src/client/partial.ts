import { type Outcome, outcomeOf, UpdatesFault } from '../fault.ts';
import { DELEGATIONS_VISITED, TARGET_PATH_BYTES, TARGETS_BYTES } from '../limits.ts';
import { rolesFor } from '../metadata/delegations.ts';
import type { TargetFile } from '../metadata/file.ts';
import { keptBefore } from './kept.ts';
import { asSegment, type Session } from './ports.ts';
import { checkExpiry, type TrustedRoot, updateRoot } from './root.ts';
import { type Delegator, readTargets, type TrustedTargets } from './targets.ts';

/**
 * Partial verification, for a device that is too small for all of it (after Uptane 1.2 §5.4.4.2): the roots, and of the lists those
 * alone that lead to its image, each signed by who may speak for it, in its time, and no older than the one seen before. What
 * timestamp and snapshot say is left out: that no newer list is held back, and that lists belong together. Of several roles that may speak for a
 * path the first counts.
 */
export const lookUpPartly = (
  session: Session,
  path: string,
): Promise<Outcome<{ root: TrustedRoot; target: TargetFile }>> =>
  outcomeOf(async () => {
    if (Buffer.byteLength(path) > TARGET_PATH_BYTES)
      throw new UpdatesFault('too-long', 'the path of the target');
    const root = await updateRoot(session);
    const { roles, keys } = root.signed;
    let [name, delegator]: [string, Delegator] = ['targets', { role: roles.targets, keys }];
    for (let visited = 0; visited < DELEGATIONS_VISITED; visited++) {
      const { targets, delegations } = (await newest(session, name, delegator)).signed;
      const target = targets.get(path);
      if (target !== undefined) return { root, target };
      const role = delegations === null ? undefined : rolesFor(delegations, path)[0];
      if (role === undefined) break;
      [name, delegator] = [role.name, { role, keys: delegations!.keys }];
    }
    throw new UpdatesFault('not-listed', `no list on the way to "${path}" has it`);
  });

/** The list that the repository shows, by its name alone: no snapshot says a number. @throws UpdatesFault */
async function newest(session: Session, name: string, delegator: Delegator): Promise<TrustedTargets> {
  const bytes = await session.source.metadata(`${asSegment(name)}.json`, TARGETS_BYTES);
  if (bytes === null) throw new UpdatesFault('missing', `the repository has no ${name}`);
  const next = readTargets(name, delegator, bytes);
  const kept = await keptBefore(session, name, (before) => readTargets(name, delegator, before));
  if (kept !== null && next.signed.version < kept.signed.version)
    throw new UpdatesFault('rollback', `${name} ${next.signed.version} after ${kept.signed.version}`);
  checkExpiry(name, next, session);
  if (next.signed.version !== kept?.signed.version) await session.store.write(name, bytes);
  return next;
}
