/**
 * Wardline's own bill of materials (CycloneDX 1.6), from the lock file alone: the same lock makes the same text.
 * `npm run sbom -- FILE` writes it.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run-step.ts';

export interface Locked {
  name?: string;
  version?: string;
  integrity?: string;
  license?: string;
  resolved?: string;
  link?: boolean;
  dev?: boolean;
  optional?: boolean;
  devOptional?: boolean;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

interface Component {
  type: 'library' | 'application';
  'bom-ref': string;
  name: string;
  version: string;
  scope?: 'required' | 'optional';
  licenses?: [{ expression: string }];
  hashes?: { alg: 'SHA-512'; content: string }[];
  purl: string;
}

export interface Bom {
  bomFormat: 'CycloneDX';
  specVersion: '1.6';
  serialNumber: string;
  version: 1;
  metadata: { component: Component };
  components: Component[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

const MODULES = 'node_modules/';

/** What runs, from the text of a lock file (version 3): development's packages are left out. */
export function sbomOf(lock: string): Bom {
  const { packages } = JSON.parse(lock) as { packages: Record<string, Locked> };
  const installed = Object.entries(packages).filter(([path, one]) => path !== '' && runs(one));
  const needsOf = (path: string, one: Locked): string[] =>
    namesOf(one)
      .map((name) => resolved(packages, path, name))
      .filter((found) => found !== null && runs(packages[found]!))
      .map((found) => refOf(found!, packages[found!]!));
  const components = new Map<string, Component>();
  const needs = new Map<string, Set<string>>();
  for (const [path, one] of installed) {
    const component = componentOf(path, one);
    const ref = component['bom-ref'];
    components.set(ref, needed(components.get(ref), component));
    needs.set(ref, new Set([...(needs.get(ref) ?? []), ...needsOf(path, one)]));
  }
  const whole = componentOf('', packages['']!);
  const own = installed.filter(([path]) => !path.includes(MODULES)).map(([path, one]) => refOf(path, one));
  needs.set(whole['bom-ref'], new Set([...own, ...needsOf('', packages['']!)]));
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(lock)}`,
    version: 1,
    metadata: { component: { ...whole, type: 'application' } },
    components: [...components.values()].sort((a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : 1)),
    dependencies: [...needs]
      .map(([ref, on]) => ({ ref, dependsOn: [...on].sort() }))
      .sort((a, b) => (a.ref < b.ref ? -1 : 1)),
  };
}

export function namesOf({ dependencies, optionalDependencies, peerDependencies }: Locked): string[] {
  return Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
}

/** A link stands for the workspace that is listed by itself. */
const runs = ({ dev, devOptional, link }: Locked): boolean =>
  dev !== true && devOptional !== true && link !== true;

/** Of two places of one package, the one that is needed counts. */
const needed = (known: Component | undefined, component: Component): Component =>
  known?.scope === 'required' ? known : component;

function componentOf(path: string, one: Locked): Component {
  const ref = refOf(path, one);
  const isOwn = !path.includes(MODULES);
  return {
    type: isOwn && path.startsWith('apps/') ? 'application' : 'library',
    'bom-ref': ref,
    name: nameOf(path, one),
    version: one.version ?? '',
    ...(path === '' ? {} : { scope: one.optional ? ('optional' as const) : ('required' as const) }),
    ...(one.license === undefined
      ? {}
      : { licenses: [{ expression: one.license }] as [{ expression: string }] }),
    ...(one.integrity === undefined ? {} : { hashes: hashesOf(one.integrity) }),
    purl: ref,
  };
}

/** Of a package in a folder of packages the folder's name; of a workspace its own. */
function nameOf(path: string, { name }: Locked): string {
  const at = path.lastIndexOf(MODULES);
  return name ?? (at === -1 ? path : path.slice(at + MODULES.length));
}

/** The package's URL (purl), whose scope's sign is written out. */
function refOf(path: string, one: Locked): string {
  return `pkg:npm/${nameOf(path, one).replace('@', '%40')}@${one.version ?? ''}`;
}

function hashesOf(integrity: string): { alg: 'SHA-512'; content: string }[] {
  return integrity
    .split(' ')
    .filter((one) => one.startsWith('sha512-'))
    .map((one) => ({ alg: 'SHA-512', content: Buffer.from(one.slice(7), 'base64').toString('hex') }));
}

/** As Node.js finds it: in the package's own folder first, then in each above. */
export function resolved(packages: Record<string, Locked>, from: string, name: string): string | null {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const path = folder === '' ? `${MODULES}${name}` : `${folder}/${MODULES}${name}`;
    const found = packages[path];
    if (found?.link === true) return found.resolved ?? null;
    if (found !== undefined) return path;
    if (folder === '') return null;
  }
}

/** The lock file's digest in the form of a UUID of version 8 (RFC 9562 §5.8). */
function uuidOf(lock: string): string {
  const hex = createHash('sha256').update(lock).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

if (import.meta.main) {
  const [file = 'wardline.cdx.json'] = process.argv.slice(2);
  const bom = sbomOf(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  writeFileSync(file, `${JSON.stringify(bom, null, 2)}\n`);
  process.stdout.write(`${file}: ${bom.components.length} components\n`);
}
