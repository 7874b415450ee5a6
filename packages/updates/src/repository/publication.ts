import { nextRoot, readRoot, type TrustedRoot } from '../client/root.ts';
import { type Outcome, outcomeOf, UpdatesFault } from '../fault.ts';
import { readMetadata } from '../metadata/envelope.ts';
import { describe, draftOf, signDocument, snapshotDocument, timestampDocument } from './document.ts';
import { type Listed, proveStanding } from './proof.ts';
import type { DocumentSigner } from './signer.ts';
import type { Standing } from './standing.ts';

/** What people signed, away from the server. */
export interface Submission {
  /** One after the other, each the next to the one before. */
  roots: readonly Uint8Array[];
  roles: ReadonlyMap<string, Uint8Array>;
}

/** What the server adds: the keys that it has, and until when its word is good. Milliseconds. */
export interface OnlineTerms {
  signers: readonly DocumentSigner[];
  now: number;
  snapshotUntil: number;
  timestampUntil: number;
}

export interface Publication {
  standing: Standing;
  /** Every target that can be reached, by the role that lists it. */
  listed: readonly Listed[];
}

/**
 * The repository after a submission: checked as a client would, then signed online, then taken by our own client, both by one that
 * begins with the first root and by one that is up to date. Nothing is published that a device would not take.
 */
export const publish = (
  before: Standing,
  submission: Submission,
  terms: OnlineTerms,
): Promise<Outcome<Publication>> =>
  outcomeOf(async () => {
    const root = lastRoot(before, submission);
    const roots = [...before.roots, ...submission.roots];
    const roles = new Map([...before.roles, ...nextRoles(before, submission)]);
    const snapshot = await signSnapshot(before, roles, root, terms);
    const timestamp = await signTimestamp(before, snapshot, root, terms);
    const standing = { roots, roles, snapshot, timestamp };
    return { standing, listed: await proveStanding(before, standing, terms.now) };
  });

/** @throws UpdatesFault where a root does not follow the one before it */
function lastRoot({ roots }: Standing, submission: Submission): TrustedRoot {
  let root = roots.length === 0 ? null : readRoot(roots.at(-1)!);
  for (const bytes of submission.roots) root = root === null ? firstRoot(bytes) : nextRoot(root, bytes);
  if (root === null) throw new UpdatesFault('no-root', 'a repository begins with a root');
  return root;
}

function firstRoot(bytes: Uint8Array): TrustedRoot {
  const root = readRoot(bytes);
  if (root.signed.version !== 1) throw new UpdatesFault('mismatch', 'the first root has version 1');
  if (!root.signed.isConsistent) throw new UpdatesFault('mismatch', 'a root here has consistent snapshots');
  return root;
}

/** @throws UpdatesFault where a version is not the one after the last */
function nextRoles(before: Standing, { roles }: Submission): ReadonlyMap<string, Uint8Array> {
  for (const [name, bytes] of roles) {
    const { version } = readMetadata('targets', bytes).signed;
    const last = versionOf(before.roles.get(name));
    if (version !== last + 1) throw new UpdatesFault('rollback', `${name} ${version} after ${last}`);
  }
  return roles;
}

const versionOf = (bytes: Uint8Array | null | undefined): number => (bytes ? describe(bytes).version : 0);

function signSnapshot(
  before: Standing,
  roles: ReadonlyMap<string, Uint8Array>,
  root: TrustedRoot,
  terms: OnlineTerms,
): Promise<Uint8Array> {
  const described = new Map([...roles].map(([name, bytes]) => [name, describe(bytes)]));
  const plan = { version: versionOf(before.snapshot) + 1, expires: terms.snapshotUntil, roles: described };
  return signDocument(draftOf(snapshotDocument(plan)), online('snapshot', root, terms));
}

function signTimestamp(
  before: Standing,
  snapshot: Uint8Array,
  root: TrustedRoot,
  terms: OnlineTerms,
): Promise<Uint8Array> {
  const version = versionOf(before.timestamp) + 1;
  const plan = { version, expires: terms.timestampUntil, snapshot: describe(snapshot) };
  return signDocument(draftOf(timestampDocument(plan)), online('timestamp', root, terms));
}

/** Those of the server's keys that the root lets sign. @throws UpdatesFault where it is none */
function online(
  role: 'snapshot' | 'timestamp',
  { signed }: TrustedRoot,
  { signers }: OnlineTerms,
): DocumentSigner[] {
  const may = new Set(signed.roles[role].keyIds);
  const ours = signers.filter(({ key }) => may.has(key.id));
  if (ours.length === 0)
    throw new UpdatesFault('unsigned', `the root lets no key of the server sign ${role}`);
  return ours;
}
