/** The repository holds itself to `architecture-rules.ts`; it fails when it has scanned nothing. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { appImports, apps, forbiddenInEngines, rules, type WorkspaceRule } from './architecture-rules.ts';
import { root } from './run-step.ts';

/** Fewer files than this means that the scan itself is broken. */
const FEWEST_FILES = 60;
const importPattern =
  /(?:^|\n)\s*(?:import|export)\s(?:[^'"`;]*?\sfrom\s)?\s*['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/g;

export interface Violation {
  file: string;
  message: string;
}

export interface Scan {
  files: number;
  imports: number;
  violations: Violation[];
}

export function scanArchitecture(base: string): Scan {
  const scan: Scan = { files: 0, imports: 0, violations: [] };
  const files = globSync('{packages,apps}/*/{src,bin}/**/*.{ts,tsx,mjs}', { cwd: base })
    .concat(
      globSync('{testbed,bench}/src/**/*.ts', { cwd: base }),
      globSync('{tools,fuzz}/**/*.ts', { cwd: base }),
    )
    .sort();
  for (const file of files) scanFile(base, file, scan);
  unknownWorkspaces(base, scan);
  return scan;
}

function scanFile(base: string, file: string, scan: Scan): void {
  const workspace = workspaceOf(file);
  const rule = rules[workspace];
  const say = (message: string) => scan.violations.push({ file, message });
  const text = readFileSync(join(base, file), 'utf8');
  scan.files++;
  if (!rule) return void say(`workspace ${workspace} has no rule in architecture-rules.ts`);
  for (const match of text.matchAll(importPattern)) {
    scan.imports++;
    const problem = judgeImport(file, workspace, rule, match[1] ?? match[2] ?? '');
    if (problem) say(problem);
  }
  if (workspace.startsWith('packages/') && !isTest(file)) judgePurity(text, say);
}

function judgePurity(text: string, say: (message: string) => void): void {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '');
  for (const [pattern, why] of forbiddenInEngines) {
    if (pattern.test(code)) say(`${pattern.source.replaceAll('\\', '')} is used: ${why}`);
  }
}

function judgeImport(file: string, workspace: string, rule: WorkspaceRule, target: string): string | null {
  if (target.startsWith('.')) return judgeRelative(file, workspace, rule, target);
  if (target.startsWith('@wardline/')) return judgeWorkspace(file, workspace, rule, target);
  if (isTest(file)) return null;
  const builtin = target.replace(/^node:/, '').split('/')[0] ?? '';
  if (target.startsWith('node:') || builtinModules.includes(target)) {
    if (rule.builtins.includes('*') || rule.builtins.includes(builtin)) return null;
    return `imports node:${builtin}, which ${workspace} may not: ${rule.why}`;
  }
  const name = target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/');
  if (rule.packages.includes('*') || rule.packages.includes(name)) return null;
  return `imports ${name}, which ${workspace} may not: ${rule.why}`;
}

function judgeRelative(file: string, workspace: string, rule: WorkspaceRule, target: string): string | null {
  const path = relative('/', resolve('/', dirname(file), target.replace(/\?.*$/, '')));
  const home = workspaceOf(path);
  if (home !== workspace && home !== rule.standsIn && !path.startsWith('fixtures/'))
    return `reaches into ${path}; another workspace is imported by its name`;
  return judgeDomain(file, path);
}

/** A domain of the server asks another one only through its `index.ts`. */
function judgeDomain(file: string, path: string): string | null {
  const domain = /^apps\/server\/src\/domains\/([^/]+)\//;
  const target = domain.exec(path)?.[1];
  if (target === undefined || domain.exec(file)?.[1] === target) return null;
  if (path.endsWith('/index.ts') || isTest(file)) return null;
  return `reaches into the domain ${target}; ask its index.ts`;
}

function judgeWorkspace(file: string, workspace: string, rule: WorkspaceRule, target: string): string | null {
  const name = target.split('/').slice(0, 2).join('/');
  // Tests may use what another workspace gives to tests.
  const isHelp = isTest(file) && target.startsWith(`${name}/testing/`);
  if (target !== name && !isHelp) return `imports ${target}; a workspace's face is its index.ts`;
  if (isTest(file)) return null;
  if (apps.includes(name)) {
    const allowed = appImports.some(([from, to]) => from === workspace && to === name);
    return allowed ? null : `imports the app ${name}; imports run downward only`;
  }
  if (rule.workspaces.includes('@wardline/*') || rule.workspaces.includes(name)) return null;
  return `imports ${name}, which ${workspace} may not: ${rule.why}`;
}

function unknownWorkspaces(base: string, scan: Scan): void {
  for (const workspace of Object.keys(rules)) {
    if (!existsSync(join(base, workspace)))
      scan.violations.push({
        file: workspace,
        message: 'is named in architecture-rules.ts and does not exist',
      });
  }
}

function workspaceOf(file: string): string {
  const [first = '', second = ''] = file.split('/');
  return first === 'packages' || first === 'apps' ? `${first}/${second}` : first;
}

function isTest(file: string): boolean {
  return file.endsWith('.test.ts') || file.includes('/testing/') || file.includes('/e2e/');
}

/** What `npm run check` prints; the exit code is 1 for any violation and for a scan that saw too little. */
function main(): void {
  const scan = scanArchitecture(root);
  for (const violation of scan.violations) console.log(`${violation.file}: ${violation.message}`);
  const blind = scan.files < FEWEST_FILES || scan.imports < FEWEST_FILES;
  if (blind) console.log(`scanned ${scan.files} files and ${scan.imports} imports only: the scan is broken`);
  console.log(`${scan.files} files, ${scan.imports} imports, ${scan.violations.length} violations`);
  process.exitCode = blind || scan.violations.length > 0 ? 1 : 0;
}

if (import.meta.main) main();
