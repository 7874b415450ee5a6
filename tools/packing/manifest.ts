/** What a package says of itself, and the exact packages of others that it runs with, each held to its digest. */
import { type Locked, namesOf, resolved } from '../sbom.ts';

export interface Program {
  name: string;
  description: string;
  bin: Record<string, string>;
  /** Beside what `bin` starts: what another program may import. */
  exports?: Record<string, string>;
}

export interface Manifest {
  dependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
}

/** The versions of the packages that the modules import, and of those that the workspaces name without importing them. */
export function dependenciesOf(
  workspaces: readonly Manifest[],
  imported: ReadonlySet<string>,
  unimported: readonly string[],
): Manifest {
  const wanted = new Set([...imported, ...unimported]);
  const pick = (kind: keyof Manifest) =>
    Object.fromEntries(
      workspaces
        .flatMap((one) => Object.entries(one[kind] ?? {}))
        .filter(([name]) => kind === 'optionalDependencies' || wanted.has(name))
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  const found = { dependencies: pick('dependencies'), optionalDependencies: pick('optionalDependencies') };
  const missing = [...wanted].filter((name) => !(name in found.dependencies));
  if (missing.length > 0) throw new Error(`imported, and named by no workspace: ${missing.join(', ')}`);
  return found;
}

/** `npm-shrinkwrap.json`: of the repository's lock file, what the package needs and what that needs. */
export function shrinkwrapOf(lock: string, manifest: Manifest & { name: string; version: string }): object {
  const { packages } = JSON.parse(lock) as { packages: Record<string, Locked> };
  const kept = new Map<string, Locked>();
  const waiting = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }).map((name) =>
    resolved(packages, '', name),
  );
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (path === null || kept.has(path)) continue;
    const one = packages[path]!;
    kept.set(path, one);
    for (const name of namesOf(one)) waiting.push(resolved(packages, path, name));
  }
  const { name, version } = manifest;
  const entries = [...kept].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    name,
    version,
    lockfileVersion: 3,
    requires: true,
    packages: Object.fromEntries([['', manifest], ...entries]),
  };
}
