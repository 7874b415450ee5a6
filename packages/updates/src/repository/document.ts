import { createHash } from 'node:crypto';
import { UpdatesFault } from '../fault.ts';
import { canonicalJson } from '../metadata/canonical-json.ts';
import { TOP_ROLES, type TopRole } from '../metadata/delegations.ts';
import {
  isObject,
  type Json,
  type JsonObject,
  member,
  objectAt,
  parseJson,
  textAt,
} from '../metadata/json.ts';
import type { Key, Role } from '../metadata/key.ts';
import { type DocumentSigner, keyDocument } from './signer.ts';

/** The specification that is followed. */
const SPECIFICATION = '1.0.34';

interface Common {
  version: number;
  /** Milliseconds since 1970. */
  expires: number;
}

const timeText = (time: number): string => new Date(time).toISOString().replace(/\.\d{3}Z$/, 'Z');

const common = (type: string, { version, expires }: Common): JsonObject => ({
  _type: type,
  spec_version: SPECIFICATION,
  version,
  expires: timeText(expires),
});

const keysDocument = (keys: readonly Key[]): JsonObject =>
  Object.fromEntries(keys.map((key) => [key.id, keyDocument(key)]));

const roleDocument = ({ keyIds, threshold }: Role): JsonObject => ({ keyids: [...keyIds], threshold });

export interface RootPlan extends Common {
  keys: readonly Key[];
  roles: Readonly<Record<TopRole, Role>>;
}

/** TUF §4.3, with consistent snapshots. */
export const rootDocument = (plan: RootPlan): JsonObject => ({
  ...common('root', plan),
  consistent_snapshot: true,
  keys: keysDocument(plan.keys),
  roles: Object.fromEntries(TOP_ROLES.map((name) => [name, roleDocument(plan.roles[name])])),
});

/** What a file of metadata says of another: its version and, since it is at hand, length and digest. */
export interface Described {
  version: number;
  length: number;
  sha256: string;
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What is said of signed bytes. @throws UpdatesFault where they are no metadata */
export function describe(bytes: Uint8Array): Described {
  const whole = parseJson(bytes);
  const version = isObject(whole) ? member(objectAt(whole, 'signed'), 'version') : undefined;
  if (typeof version !== 'number') throw new UpdatesFault('malformed', 'metadata without a version');
  return { version, length: bytes.length, sha256: sha256(bytes) };
}

const metaDocument = ({ version, length, sha256: digest }: Described): JsonObject => ({
  version,
  length,
  hashes: { sha256: digest },
});

/** TUF §4.4. Files by role. */
export const snapshotDocument = (plan: Common & { roles: ReadonlyMap<string, Described> }): JsonObject => ({
  ...common('snapshot', plan),
  meta: Object.fromEntries([...plan.roles].map(([role, file]) => [`${role}.json`, metaDocument(file)])),
});

/** TUF §4.6 */
export const timestampDocument = (plan: Common & { snapshot: Described }): JsonObject => ({
  ...common('timestamp', plan),
  meta: { 'snapshot.json': metaDocument(plan.snapshot) },
});

export interface TargetPlan {
  path: string;
  length: number;
  sha256: string;
  custom?: JsonObject;
}

export interface DelegationPlan extends Role {
  name: string;
  paths: readonly string[];
  isTerminating: boolean;
}

export interface TargetsPlan extends Common {
  targets: readonly TargetPlan[];
  delegations?: { keys: readonly Key[] } & (
    | { roles: readonly DelegationPlan[] }
    | { bins: Role & { bits: number; prefix: string } }
  );
}

/** TUF §4.5 */
export const targetsDocument = (plan: TargetsPlan): JsonObject => ({
  ...common('targets', plan),
  targets: Object.fromEntries(plan.targets.map((target) => [target.path, targetDocument(target)])),
  ...(plan.delegations === undefined ? {} : { delegations: delegationsDocument(plan.delegations) }),
});

const targetDocument = ({ length, sha256: digest, custom }: TargetPlan): JsonObject => ({
  length,
  hashes: { sha256: digest },
  ...(custom === undefined ? {} : { custom }),
});

function delegationsDocument(plan: NonNullable<TargetsPlan['delegations']>): JsonObject {
  const keys = keysDocument(plan.keys);
  if ('bins' in plan) {
    const { bits, prefix } = plan.bins;
    return { keys, succinct_roles: { ...roleDocument(plan.bins), bit_length: bits, name_prefix: prefix } };
  }
  const roles = plan.roles.map(({ name, paths, isTerminating, ...role }) => ({
    name,
    ...roleDocument(role),
    paths: [...paths],
    terminating: isTerminating,
  }));
  return { keys, roles };
}

const bytesOf = (whole: JsonObject): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify(whole, null, 1)}\n`);

/** A document without signatures, as it goes round among those who sign. */
export const draftOf = (signed: JsonObject): Uint8Array => bytesOf({ signatures: [], signed });

/** The document with signatures added; one of the same key gives way. @throws UpdatesFault where it is none */
export async function signDocument(
  bytes: Uint8Array,
  signers: readonly DocumentSigner[],
): Promise<Uint8Array> {
  const whole = parseJson(bytes) as JsonObject;
  const signed = objectAt(whole, 'signed');
  const payload = canonicalJson(signed);
  const ids = new Set(signers.map(({ key }) => key.id));
  const before = (member(whole, 'signatures') ?? []) as readonly JsonObject[];
  const others = before.filter((signature) => !ids.has(textAt(signature, 'keyid')));
  const added = await Promise.all(
    signers.map(async ({ key, sign }): Promise<Json> => ({ keyid: key.id, sig: await sign(payload) })),
  );
  return bytesOf({ signatures: [...others, ...added], signed });
}
