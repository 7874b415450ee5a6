/** What a program is made of, as JavaScript: Node.js takes the types off a checkout's modules, but not off an installed package's. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { parseAst } from 'vite';

/** Files by their path in the repository, the modules as they are in the package. */
export interface Collected {
  files: Map<string, string>;
  /** Packages of others that they import. */
  packages: Set<string>;
}

interface Place {
  start: number;
  end: number;
  specifier: string;
}

/** What only a checkout has: where it is not there, a program goes on without it. */
const ofCheckout = ['apps/console/build.ts'];

/** Follows the imports of the entries; a worker or a program of its own is followed where `new URL('….ts', import.meta.url)` names it. */
export function collect(root: string, entries: readonly string[]): Collected {
  const collected: Collected = { files: new Map(), packages: new Set() };
  const waiting = [...entries];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const place = packed(file);
    if (collected.files.has(place)) continue;
    const text = readFileSync(join(root, file), 'utf8');
    if (!/\.m?[jt]s$/.test(file)) collected.files.set(place, text);
    else {
      const { code, targets, packages } = translated(root, file, text);
      collected.files.set(place, code);
      waiting.push(...targets);
      for (const name of packages) collected.packages.add(name);
    }
  }
  return collected;
}

/** The name of a module in the package. */
const packed = (file: string): string => file.replace(/\.ts$/, '.js');

function translated(root: string, file: string, text: string) {
  const plain = file.endsWith('.ts') ? stripTypeScriptTypes(text) : text;
  const [targets, packages] = [[] as string[], [] as string[]];
  let code = '';
  let from = 0;
  for (const { start, end, specifier } of placesIn(plain)) {
    const target = resolved(root, file, specifier);
    if (target === null) {
      const name = packageOf(specifier);
      if (name !== null) packages.push(name);
      continue;
    }
    if (ofCheckout.includes(target)) continue;
    targets.push(target);
    code += `${plain.slice(from, start)}'${relativeTo(packed(file), packed(target))}'`;
    from = end;
  }
  return { code: code + plain.slice(from), targets, packages };
}

const relativeTo = (from: string, to: string): string => {
  const path = posix.relative(dirname(from), to);
  return path.startsWith('.') ? path : `./${path}`;
};

/** The file of this repository that a specifier means; null where it is a package of others. */
function resolved(root: string, file: string, specifier: string): string | null {
  if (specifier.startsWith('.')) {
    const target = posix.join(dirname(file), specifier);
    if (ofCheckout.includes(target)) return target;
    if (existsSync(join(root, target)) && statSync(join(root, target)).isFile()) return target;
    throw new Error(`${file}: ${specifier} is no file`);
  }
  if (!specifier.startsWith('@wardline/')) return null;
  const [, name, ...inner] = specifier.split('/');
  return exported(root, name!, inner.length === 0 ? '.' : `./${inner.join('/')}`);
}

function exported(root: string, name: string, what: string): string {
  const folder = ['packages', 'apps']
    .map((kind) => `${kind}/${name}`)
    .find((one) => existsSync(join(root, one)));
  const { exports = {} } = JSON.parse(readFileSync(join(root, folder!, 'package.json'), 'utf8')) as {
    exports?: Record<string, string>;
  };
  if (exports[what] === undefined) throw new Error(`@wardline/${name} does not export ${what}`);
  return posix.join(folder!, exports[what]);
}

function packageOf(specifier: string): string | null {
  if (specifier.startsWith('node:')) return null;
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

interface Node {
  type: string;
  start: number;
  end: number;
}
type Tree = Node & Record<string, unknown>;

/** Where a module names another one, in order. */
function placesIn(code: string): Place[] {
  const places: Place[] = [];
  const add = (node: unknown, isAddress = false) => {
    const literal = node as (Node & { value?: unknown }) | null | undefined;
    if (literal?.type !== 'Literal' || typeof literal.value !== 'string') return;
    const { start, end, value } = literal;
    places.push({ start, end, specifier: isAddress && !value.startsWith('.') ? `./${value}` : value });
  };
  walk(parseAst(code) as unknown as Tree, (node) => {
    if (/^(Import|ExportNamed|ExportAll)Declaration$/.test(node.type) || node.type === 'ImportExpression')
      add(node.source);
    if (isModuleAddress(node)) add((node.arguments as unknown[])[0], true);
  });
  return places.sort((a, b) => a.start - b.start);
}

/** `new URL('….ts', import.meta.url)` */
function isModuleAddress(node: Tree): boolean {
  if (node.type !== 'NewExpression' || (node.callee as { name?: string }).name !== 'URL') return false;
  const [first] = node.arguments as { value?: unknown }[];
  return typeof first?.value === 'string' && /\.m?ts$/.test(first.value);
}

function walk(node: Tree, visit: (node: Tree) => void): void {
  visit(node);
  for (const value of Object.values(node))
    for (const inner of Array.isArray(value) ? value : [value])
      if (typeof inner === 'object' && inner !== null && 'type' in inner) walk(inner as Tree, visit);
}
