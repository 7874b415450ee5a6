/**
 * `npm run package -- FOLDER`: the programs as packages that npm installs: `wardline` (command line, sensor, server, console) and
 * `wardline-agent` (a device's agent and its library). They are the repository's modules without their types, nothing is bundled or
 * made smaller: what a fault names is where it stands in the source. The same commit makes the same bytes.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { root } from '../run-step.ts';
import { dependenciesOf, type Manifest, type Program, shrinkwrapOf } from './manifest.ts';
import { collect } from './modules.ts';

interface Packed extends Program {
  entries: string[];
  /** Folders and files that a program reads. */
  beside: string[];
  /** Packages that no module imports by their name. */
  unimported: string[];
}

const programs: readonly Packed[] = [
  {
    name: 'wardline',
    description: 'Protects a hospital’s connected medical devices, with proofs instead of promises.',
    bin: { wardline: 'apps/cli/bin/wardline.mjs', 'wardline-agent': 'apps/agent/bin/wardline-agent.mjs' },
    entries: ['apps/cli/bin/wardline.mjs', 'apps/agent/bin/wardline-agent.mjs'],
    beside: [
      'apps/cli/package.json',
      'apps/console/dist',
      'apps/server/policies',
      'deploy',
      'docs/guides',
      'fixtures/sample-hospital',
      'packages/knowledge/data',
    ],
    unimported: ['@cyclonedx/cyclonedx-library'],
  },
  {
    name: 'wardline-agent',
    description: 'Gives a medical device its identity and its updates, verified on the device.',
    bin: { 'wardline-agent': 'apps/agent/bin/wardline-agent.mjs' },
    exports: { '.': './apps/agent/src/index.js' },
    entries: ['apps/agent/bin/wardline-agent.mjs', 'apps/agent/src/index.ts'],
    beside: ['apps/agent/package.json'],
    unimported: [],
  },
];

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const { version, license } = JSON.parse(read('package.json')) as { version: string; license: string };

/** Writes the package's files below the folder. */
export function layOut(program: Packed, folder: string): void {
  const { files, packages } = collect(root, program.entries);
  for (const [file, text] of files) write(join(folder, file), text);
  for (const part of [...program.beside, 'LICENSE', 'CHANGELOG.md'])
    cpSync(join(root, part), join(folder, part), { recursive: true });
  const workspaces = globSync('{apps,packages}/*/package.json', { cwd: root })
    .filter((file) => [...files.keys()].some((one) => one.startsWith(`${dirname(file)}/`)))
    .map((file) => JSON.parse(read(file)) as Manifest);
  const { name, description, bin, exports, unimported } = program;
  const dependencies = dependenciesOf(workspaces, packages, unimported);
  const engines = { node: '>=24' };
  const said = {
    name,
    version,
    description,
    license,
    type: 'module',
    bin,
    ...(exports && { exports }),
    engines,
  };
  const manifest = { ...said, ...dependencies };
  write(join(folder, 'package.json'), json(manifest));
  write(join(folder, 'npm-shrinkwrap.json'), json(shrinkwrapOf(read('package-lock.json'), manifest)));
  write(
    join(folder, 'README.md'),
    `# ${name}\n\n${description}\n\nMade of ${files.size} modules of Wardline ${version}.\n`,
  );
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Packs all programs into the folder; gives each file with its SHA-256. */
export function pack(into: string): { file: string; digest: string }[] {
  execFileSync(process.execPath, [join(root, 'apps/console/build.ts')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  mkdirSync(into, { recursive: true });
  return programs.map((program) => {
    const folder = mkdtempSync(join(tmpdir(), 'wardline-package-'));
    try {
      layOut(program, folder);
      const said = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', into], {
        cwd: folder,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [{ filename }] = JSON.parse(said) as [{ filename: string }];
      const digest = createHash('sha256')
        .update(readFileSync(join(into, filename)))
        .digest('hex');
      return { file: filename, digest };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

if (import.meta.main) {
  const [folder = 'packages-out'] = process.argv.slice(2);
  for (const { file, digest } of pack(resolve(process.env.INIT_CWD ?? '.', folder)))
    process.stdout.write(`${digest}  ${file}\n`);
}
