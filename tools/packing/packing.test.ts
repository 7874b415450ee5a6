import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../run-step.ts';
import { collect } from './modules.ts';
import { pack } from './pack.ts';

const folder = mkdtempSync(join(tmpdir(), 'wardline-packing-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the modules of a program', () => {
  const made = join(folder, 'made');
  const put = (file: string, text: string) => {
    mkdirSync(join(made, dirname(file)), { recursive: true });
    writeFileSync(join(made, file), text);
  };
  beforeAll(() => {
    put(
      'packages/lib/package.json',
      JSON.stringify({ exports: { '.': './src/index.ts', './inner': './src/inner.ts' } }),
    );
    put(
      'packages/lib/src/index.ts',
      `export * from './inner.ts';\nexport type { Only } from './types.ts';\n`,
    );
    put('packages/lib/src/inner.ts', `export const text: string = "import './not-there.ts'";\n`);
    put('packages/lib/src/types.ts', 'export interface Only { a: 1 }\n');
    put('apps/one/bin/one.mjs', `await import('../src/main.ts');\n`);
    put(
      'apps/one/src/main.ts',
      [
        `import { readFileSync } from 'node:fs';`,
        `import { z } from 'zod/v4';`,
        `import { text } from '@wardline/lib/inner';`,
        `import type { Only } from '@wardline/lib';`,
        `const [worker, data] = [new URL('./worker.ts', import.meta.url), new URL('../data.tsv', import.meta.url)];`,
        'export const only: Only | null = null;',
        'export { readFileSync, z, text, worker, data };',
        '',
      ].join('\n'),
    );
    put('apps/one/src/worker.ts', `import '@wardline/lib';\n`);
  });

  it('are those that can be reached, without types, and name each other as they are called in the package', () => {
    const { files, packages } = collect(made, ['apps/one/bin/one.mjs']);
    expect([...files.keys()].sort()).toEqual([
      'apps/one/bin/one.mjs',
      'apps/one/src/main.js',
      'apps/one/src/worker.js',
      'packages/lib/src/index.js',
      'packages/lib/src/inner.js',
    ]);
    expect([...packages]).toEqual(['zod']);
    expect(files.get('apps/one/bin/one.mjs')).toBe(`await import('../src/main.js');\n`);
    const lines = files.get('apps/one/src/main.js')!.split('\n');
    expect(lines[2]).toBe(`import { text } from '../../../packages/lib/src/inner.js';`);
    expect(lines[4]).toContain(
      `[new URL('./worker.js', import.meta.url), new URL('../data.tsv', import.meta.url)]`,
    );
    expect(lines[5]?.replaceAll(/ +/g, ' ')).toBe('export const only = null;');
    expect(files.get('packages/lib/src/inner.js')).toContain(`"import './not-there.ts'"`);
  });

  it('are refused where one is not there', () => {
    put('apps/one/src/broken.ts', `import './gone.ts';\n`);
    expect(() => collect(made, ['apps/one/src/broken.ts'])).toThrow(
      'apps/one/src/broken.ts: ./gone.ts is no file',
    );
  });
});

describe('the packages', () => {
  const at = (...parts: string[]) => join(folder, ...parts);
  const run = (file: string, ...args: string[]) =>
    execFileSync(process.execPath, [at('node_modules', file), ...args], { cwd: folder, encoding: 'utf8' });
  let packed: { file: string; digest: string }[];

  beforeAll(() => {
    packed = pack(at('out'));
    mkdirSync(at('node_modules/@wardline'), { recursive: true });
    for (const { file } of packed) {
      const place = at('node_modules', file.replace(/-\d.*/, ''));
      mkdirSync(place);
      execFileSync('tar', ['-xzf', at('out', file), '--strip-components=1', '-C', place]);
    }
    // What npm would bring, as it is here, without what a checkout calls by the names of its workspaces.
    for (const name of globSync('{@*/*,[!@]*}', { cwd: join(root, 'node_modules') })) {
      if (/^(@wardline\/|wardline)/.test(name)) continue;
      mkdirSync(dirname(at('node_modules', name)), { recursive: true });
      symlinkSync(join(root, 'node_modules', name), at('node_modules', name));
    }
  });

  it('are the same to the byte when they are made again', () => {
    expect(pack(at('again'))).toEqual(packed);
  });

  it('run where they are installed, from another folder, without a checkout', () => {
    expect(run('wardline/apps/cli/bin/wardline.mjs', 'version')).toMatch(/^wardline \d/);
    const capture = at('node_modules/wardline/fixtures/sample-hospital/house-b.pcap.gz');
    expect(run('wardline/apps/cli/bin/wardline.mjs', 'assess', capture)).toContain('devices were seen');
    expect(run('wardline-agent/apps/agent/bin/wardline-agent.mjs', '--help')).toContain('enrol');
  });

  it('need no package that they do not name, and hold each to its digest', () => {
    for (const { file } of packed) {
      const place = at('node_modules', file.replace(/-\d.*/, ''));
      const manifest = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8')) as {
        dependencies: Record<string, string>;
      };
      const modules = globSync('{apps,packages}/*/{bin,src}/**/*.{js,mjs}', { cwd: place });
      const { packages } = collect(place, modules);
      const unnamed = [...packages].filter(
        (name) => !(name in manifest.dependencies) && !builtinModules.includes(name),
      );
      expect(unnamed).toEqual([]);
      const wrap = JSON.parse(readFileSync(join(place, 'npm-shrinkwrap.json'), 'utf8')) as {
        packages: Record<string, { integrity?: string; dev?: boolean }>;
      };
      const held = Object.entries(wrap.packages).filter(([path]) => path !== '');
      expect(
        held.filter(([, { integrity, dev }]) => !integrity?.startsWith('sha512-') || dev === true),
      ).toEqual([]);
      for (const name of Object.keys(manifest.dependencies))
        expect(wrap.packages).toHaveProperty([`node_modules/${name}`]);
    }
  });

  it('bring to a device nothing that its agent does not need', () => {
    const manifest = JSON.parse(readFileSync(at('node_modules/wardline-agent/package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    expect(Object.keys(manifest.dependencies).length).toBeLessThan(12);
    expect(manifest.dependencies).not.toHaveProperty('pg');
  });
});
