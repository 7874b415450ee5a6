import { UpdatesFault } from '../fault.ts';
import { type Delegations, readDelegations, TOP_ROLES, type TopRole } from './delegations.ts';
import { type MetaFile, readMetaFile, readTargetFile, type TargetFile } from './file.ts';
import { flagAt, integerAt, type JsonObject, member, objectAt, textAt } from './json.ts';
import { type Keys, type Role, readKeys, readRole } from './key.ts';

interface Signed {
  version: number;
  /** Milliseconds since 1970. */
  expires: number;
}

/** TUF §4.3 */
export interface Root extends Signed {
  keys: Keys;
  roles: Readonly<Record<TopRole, Role>>;
  isConsistent: boolean;
}

/** TUF §4.6 */
export interface Timestamp extends Signed {
  snapshot: MetaFile;
}

/** TUF §4.4 */
export interface Snapshot extends Signed {
  /** By file name, `targets.json`. */
  files: ReadonlyMap<string, MetaFile>;
}

/** TUF §4.5 */
export interface Targets extends Signed {
  targets: ReadonlyMap<string, TargetFile>;
  delegations: Delegations | null;
}

/** What each kind of metadata is read with. */
export const readers = {
  root: readRoot,
  timestamp: readTimestamp,
  snapshot: readSnapshot,
  targets: readTargets,
};
export type Kind = keyof typeof readers;
export type SignedOf<K extends Kind> = ReturnType<(typeof readers)[K]>;

/** What all kinds have: type, specification, version, end. */
function readCommon(signed: JsonObject, kind: Kind): Signed {
  if (textAt(signed, '_type') !== kind) throw new UpdatesFault('malformed', `it is no ${kind} metadata`);
  if (!/^1\.\d{1,4}(\.\d{1,4})?$/.test(textAt(signed, 'spec_version')))
    throw new UpdatesFault('malformed', 'it follows another specification than TUF 1');
  return { version: integerAt(signed, 'version', 1), expires: readTime(textAt(signed, 'expires')) };
}

/** TUF §4.2: ISO 8601, in seconds, of UTC. */
function readTime(text: string): number {
  const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time) || new Date(time).toISOString() !== text.replace('Z', '.000Z'))
    throw new UpdatesFault('malformed', '"expires" is no time');
  return time;
}

function readRoot(signed: JsonObject): Root {
  const roles = objectAt(signed, 'roles');
  const role = (name: TopRole): Role => readRole(objectAt(roles, name));
  return {
    ...readCommon(signed, 'root'),
    keys: readKeys(objectAt(signed, 'keys')),
    roles: Object.fromEntries(TOP_ROLES.map((name) => [name, role(name)])) as Record<TopRole, Role>,
    isConsistent:
      member(signed, 'consistent_snapshot') !== undefined && flagAt(signed, 'consistent_snapshot'),
  };
}

function readTimestamp(signed: JsonObject): Timestamp {
  const meta = objectAt(signed, 'meta');
  return {
    ...readCommon(signed, 'timestamp'),
    snapshot: readMetaFile('snapshot.json', member(meta, 'snapshot.json')),
  };
}

function readSnapshot(signed: JsonObject): Snapshot {
  const entries = Object.entries(objectAt(signed, 'meta'));
  return {
    ...readCommon(signed, 'snapshot'),
    files: new Map(entries.map(([name, file]) => [name, readMetaFile(name, file)])),
  };
}

function readTargets(signed: JsonObject): Targets {
  const entries = Object.entries(objectAt(signed, 'targets'));
  const delegations = member(signed, 'delegations');
  return {
    ...readCommon(signed, 'targets'),
    targets: new Map(entries.map(([path, target]) => [path, readTargetFile(path, target)])),
    delegations: delegations === undefined ? null : readDelegations(objectAt(signed, 'delegations')),
  };
}
