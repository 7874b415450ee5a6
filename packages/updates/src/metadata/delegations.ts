import { createHash } from 'node:crypto';
import { UpdatesFault } from '../fault.ts';
import { BIN_BITS, ROLE_NAME_BYTES } from '../limits.ts';
import {
  flagAt,
  integerAt,
  isObject,
  type Json,
  type JsonObject,
  member,
  objectAt,
  textAt,
  textsAt,
} from './json.ts';
import { type Keys, type Role, readKeys, readRole } from './key.ts';
import { matchesPattern } from './path-pattern.ts';

/** TUF §4.5 DELEGATIONS: roles in order of priority, or bins by the hash of a path (TAP 15), never both. */
export interface Delegations {
  keys: Keys;
  roles: readonly DelegatedRole[];
  bins: Bins | null;
}

export interface DelegatedRole extends Role {
  name: string;
  /** Nothing after it is asked. */
  isTerminating: boolean;
  paths: readonly string[];
  hashPrefixes: readonly string[];
}

/** 2^bits roles of the same keys, each for the paths whose hash begins with its number. */
export interface Bins extends Role {
  bits: number;
  prefix: string;
}

/** Roles that stand at the top, whose names nobody else may have. */
export const TOP_ROLES = ['root', 'timestamp', 'snapshot', 'targets'] as const;
export type TopRole = (typeof TOP_ROLES)[number];

export function readDelegations(value: JsonObject): Delegations {
  const [roles, bins] = [member(value, 'roles'), member(value, 'succinct_roles')];
  if ((roles === undefined) === (bins === undefined))
    throw new UpdatesFault('malformed', 'delegations have either roles or bins');
  const keys = readKeys(objectAt(value, 'keys'));
  if (bins !== undefined) return { keys, roles: [], bins: readBins(bins) };
  if (!Array.isArray(roles)) throw new UpdatesFault('malformed', '"roles" is no list');
  return { keys, roles: distinct(roles.map(readDelegatedRole)), bins: null };
}

function distinct(roles: readonly DelegatedRole[]): readonly DelegatedRole[] {
  if (new Set(roles.map(({ name }) => name)).size !== roles.length)
    throw new UpdatesFault('malformed', 'one role is delegated to more than once');
  return roles;
}

function readDelegatedRole(value: Json): DelegatedRole {
  if (!isObject(value)) throw new UpdatesFault('malformed', 'a delegation is no object');
  const [hasPaths, hasPrefixes] = ['paths', 'path_hash_prefixes'].map(
    (name) => member(value, name) !== undefined,
  );
  if (hasPaths && hasPrefixes)
    throw new UpdatesFault('malformed', 'a delegation has either paths or prefixes of hashes');
  return {
    ...readRole(value),
    name: roleName(textAt(value, 'name')),
    isTerminating: flagAt(value, 'terminating'),
    paths: hasPaths ? textsAt(value, 'paths') : [],
    hashPrefixes: hasPrefixes ? textsAt(value, 'path_hash_prefixes') : [],
  };
}

function readBins(value: Json): Bins {
  if (!isObject(value)) throw new UpdatesFault('malformed', '"succinct_roles" is no object');
  const bits = integerAt(value, 'bit_length', 1);
  if (bits > BIN_BITS) throw new UpdatesFault('too-long', `more than 2^${BIN_BITS} bins`);
  return { ...readRole(value), bits, prefix: roleName(textAt(value, 'name_prefix')) };
}

function roleName(name: string): string {
  if (name === '' || Buffer.byteLength(name) > ROLE_NAME_BYTES)
    throw new UpdatesFault('malformed', `a role's name has 1 to ${ROLE_NAME_BYTES} bytes`);
  if ((TOP_ROLES as readonly string[]).includes(name))
    throw new UpdatesFault('malformed', `nobody may delegate to "${name}"`);
  return name;
}

const pathHash = (path: string): string => createHash('sha256').update(path, 'utf8').digest('hex');

/** TAP 15: the number of a path's bin are the first bits of its hash. */
export const binOf = (path: string, bits: number): number =>
  Number.parseInt(pathHash(path).slice(0, 8), 16) >>> (32 - bits);

/** TAP 15: prefix, dash, the number in hexadecimal, as wide as the last one's. */
export const binName = (prefix: string, bits: number, bin: number): string =>
  `${prefix}-${bin.toString(16).padStart(Math.ceil(bits / 4), '0')}`;

/** The roles that answer for a path, in the order in which they are asked. */
export function rolesFor(delegations: Delegations, path: string): readonly DelegatedRole[] {
  const { bins, roles } = delegations;
  if (bins === null) return roles.filter((role) => isFor(role, path));
  const name = binName(bins.prefix, bins.bits, binOf(path, bins.bits));
  return [{ ...bins, name, isTerminating: true, paths: [], hashPrefixes: [] }];
}

/** All roles that are delegated to, bins by their names. */
export function delegatedRoles({ bins, roles }: Delegations): readonly DelegatedRole[] {
  if (bins === null) return roles;
  return Array.from({ length: 2 ** bins.bits }, (_, bin) => ({
    ...bins,
    name: binName(bins.prefix, bins.bits, bin),
    isTerminating: true,
    paths: [],
    hashPrefixes: [],
  }));
}

const isFor = ({ paths, hashPrefixes }: DelegatedRole, path: string): boolean =>
  paths.some((pattern) => matchesPattern(path, pattern)) ||
  hashPrefixes.some((prefix) => pathHash(path).startsWith(prefix));
