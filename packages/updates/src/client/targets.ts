import { UpdatesFault } from '../fault.ts';
import { DELEGATIONS_VISITED, TARGET_PATH_BYTES, TARGETS_BYTES } from '../limits.ts';
import { type DelegatedRole, rolesFor } from '../metadata/delegations.ts';
import { type Envelope, readMetadata } from '../metadata/envelope.ts';
import type { TargetFile } from '../metadata/file.ts';
import type { Keys, Role } from '../metadata/key.ts';
import type { Targets } from '../metadata/signed.ts';
import { checkThreshold } from '../verification/threshold.ts';
import { keptBefore } from './kept.ts';
import { asSegment, type Session } from './ports.ts';
import { checkExpiry, type TrustedRoot } from './root.ts';
import { checkVersion, fetchAsSaid, fileName, isAsSaid, type TrustedSnapshot } from './snapshot.ts';

export type TrustedTargets = Envelope<Targets>;

/** Who says that a role's metadata is its own. */
export interface Delegator {
  role: Role;
  keys: Keys;
}

/** What a refresh ends in: one consistent set, from which targets are looked up. */
export interface TrustedSet {
  root: TrustedRoot;
  snapshot: TrustedSnapshot;
  targets: TrustedTargets;
}

/** TUF 5.6, for the top-level role and each that it delegates to. */
export async function updateTargets(
  session: Session,
  { root, snapshot }: { root: TrustedRoot; snapshot: TrustedSnapshot },
  name: string,
  delegator: Delegator,
): Promise<TrustedTargets> {
  const said = snapshot.signed.files.get(`${name}.json`);
  if (said === undefined) throw new UpdatesFault('missing', `${name} is not in the snapshot`);
  const kept = await keptBefore(session, name, (bytes) => readTargets(name, delegator, bytes));
  if (kept !== null && isAsSaid(kept, said) && kept.signed.expires > session.start) return kept;
  const file = fileName(root, asSegment(name), said.version);
  const bytes = await fetchAsSaid(session, file, said, TARGETS_BYTES); // 5.6.1, 5.6.2
  const next = readTargets(name, delegator, bytes); // 5.6.3
  checkVersion(name, next, said); // 5.6.4
  checkExpiry(name, next, session); // 5.6.5
  await session.store.write(name, bytes); // 5.6.6
  return next;
}

export function readTargets(name: string, { role, keys }: Delegator, bytes: Uint8Array): TrustedTargets {
  const targets = readMetadata('targets', bytes);
  checkThreshold(name, targets, role, keys);
  return targets;
}

interface Found {
  role: string;
  target: TargetFile;
}

/** TUF 5.6.7: depth first, in the order of each list. @throws UpdatesFault `not-listed` where nobody lists it */
export async function findTarget(session: Session, trusted: TrustedSet, path: string): Promise<Found> {
  if (Buffer.byteLength(path) > TARGET_PATH_BYTES)
    throw new UpdatesFault('too-long', 'the path of the target');
  const visited = new Set<string>();
  const top = trusted.targets;
  let waiting: Waiting[] = [{ name: 'targets', load: () => Promise.resolve(top) }];
  while (waiting.length > 0 && visited.size < DELEGATIONS_VISITED) {
    const { name, load } = waiting.shift()!;
    if (visited.has(name)) continue; // 5.6.7.1: a cycle ends here
    visited.add(name);
    const { signed } = await load();
    const target = signed.targets.get(path);
    if (target !== undefined) return { role: name, target };
    waiting = withDelegated(session, trusted, signed, path, waiting);
  }
  throw new UpdatesFault('not-listed', `no role that may speak for "${path}" lists it`);
}

interface Waiting {
  name: string;
  load: () => Promise<TrustedTargets>;
}

/** TUF 5.6.7.2: the role's own delegations come before what waits; after one that terminates nothing does. */
function withDelegated(
  session: Session,
  trusted: TrustedSet,
  { delegations }: Targets,
  path: string,
  waiting: Waiting[],
): Waiting[] {
  if (delegations === null) return waiting;
  const roles = rolesFor(delegations, path);
  const last = roles.findIndex(({ isTerminating }) => isTerminating);
  const asked = last < 0 ? roles : roles.slice(0, last + 1);
  const load = (role: DelegatedRole) => () =>
    updateTargets(session, trusted, role.name, { role, keys: delegations.keys });
  const children = asked.map((role) => ({ name: role.name, load: load(role) }));
  return last < 0 ? [...children, ...waiting] : children;
}
