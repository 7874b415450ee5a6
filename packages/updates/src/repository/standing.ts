import type { MetadataSource, TrustedStore } from '../client/ports.ts';

/** All metadata of a repository at one moment. */
export interface Standing {
  /** Every root there ever was, from the first. */
  roots: readonly Uint8Array[];
  /** Targets and the roles that it delegates to, as they are now. */
  roles: ReadonlyMap<string, Uint8Array>;
  snapshot: Uint8Array | null;
  timestamp: Uint8Array | null;
}

export const NOTHING: Standing = { roots: [], roles: new Map(), snapshot: null, timestamp: null };

/** A repository as a client asks it: whatever version of a role is asked for, the one that stands is given. */
export function sourceOf({ roots, roles, snapshot, timestamp }: Standing): MetadataSource {
  const of = (name: string): Uint8Array | null | undefined => {
    if (name === 'timestamp.json') return timestamp;
    const [, version, role] = /^(\d+)\.(.+)\.json$/.exec(name) ?? [];
    if (role === 'root') return roots[Number(version) - 1];
    if (role === 'snapshot') return snapshot;
    return roles.get(decodeURIComponent(role ?? ''));
  };
  return { metadata: (name) => Promise.resolve(of(name) ?? null) };
}

/** What a client has that is up to date with a repository, in memory. Changes to it stay with it. */
export function storeOf({ roots, roles, snapshot, timestamp }: Standing, root = roots.at(-1)): TrustedStore {
  const files = new Map<string, Uint8Array>(roles);
  if (root !== undefined) files.set('root', root);
  if (snapshot !== null) files.set('snapshot', snapshot);
  if (timestamp !== null) files.set('timestamp', timestamp);
  return {
    read: (role) => Promise.resolve(files.get(role) ?? null),
    write: async (role, bytes) => void files.set(role, bytes),
    remove: async (role) => void files.delete(role),
  };
}
