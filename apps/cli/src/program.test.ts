import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { assessmentSchema } from '@wardline/model';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { assessmentSchemaText } from './assessment/json.ts';
import { wardCapture } from './testing/capture.ts';
import { bin, wardline } from './testing/run.ts';
import { userDirectory } from './working-directory.ts';

// Each test starts programs, and a busy machine takes its time for that.
vi.setConfig({ testTimeout: 120_000 });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wardline-cli-'));
  await writeFile(join(folder, 'ward.pcap'), wardCapture());
});
afterEach(async () => await rm(folder, { recursive: true }));

const run = (...args: string[]) => wardline(args, { cwd: folder });

describe('assess --json', () => {
  it('prints one object that follows the published schema, and nothing else', async () => {
    const { code, stdout } = await run('assess', 'ward.pcap', '--json');
    expect(code).toBe(0);
    const assessment: unknown = JSON.parse(stdout);
    assessmentSchema.parse(assessment);
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(assessmentSchemaText()));
    expect(validate(assessment), JSON.stringify(validate.errors)).toBe(true);
  });

  it('is the same for a file, its gzip, a folder and standard input', async () => {
    await mkdir(join(folder, 'deep/er'), { recursive: true });
    await writeFile(join(folder, 'deep/er/ward.pcap.gz'), gzipSync(wardCapture()));
    await writeFile(join(folder, 'deep/notes.txt'), 'no capture');
    const results = await Promise.all([
      run('assess', 'ward.pcap', '--json'),
      run('assess', 'deep', '--json'),
      wardline(['assess', '-', '--json'], { cwd: folder, stdin: wardCapture() }),
    ]);
    const essence = results.map(({ stdout }) => {
      const assessment = assessmentSchema.parse(JSON.parse(stdout));
      return [assessment.assets.map((asset) => asset.id), assessment.findings.map((finding) => finding.id)];
    });
    expect(essence[1]).toEqual(essence[0]);
    expect(essence[2]).toEqual(essence[0]);
  });
});

describe('exit codes', () => {
  it.each([
    [['assess']],
    [['assess', '--jsn', 'ward.pcap']],
    [['asess', 'ward.pcap']],
    [['assess', 'ward.pcap', '--register', 'missing.csv']],
    [['assess', 'ward.pcap', '--map', 'a=tag']],
    [['assess', '-', '-']],
    [['assess', 'ward.pcap', '--key', 'ward.pcap', '--nonsense']],
    [[]],
  ])('2 for bad usage: %j', async (args) => {
    const { code, stdout, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).not.toBe('');
  });

  it('says what was meant', async () => {
    expect((await run('asess')).stderr).toContain('Did you mean assess?');
    expect((await run('assess', '--jsn', 'x')).stderr).toContain('Did you mean --json?');
  });

  it('3 where nothing could be read, with the reasons', async () => {
    await writeFile(join(folder, 'notes.pcap'), 'this is no capture');
    await mkdir(join(folder, 'empty'));
    const check = async (args: string[]) => {
      const { code, stdout } = await run('assess', ...args, '--json');
      expect([args, code]).toEqual([args, 3]);
      expect(assessmentSchema.parse(JSON.parse(stdout)).errors).toHaveLength(args.length);
    };
    await Promise.all(
      [['missing.pcap'], ['notes.pcap'], ['empty'], ['missing.pcap', 'notes.pcap']].map(check),
    );
  });

  it('0 where something could be read, with what could not be as errors', async () => {
    await writeFile(join(folder, 'cut.pcap'), wardCapture().subarray(0, 900));
    const { code, stdout } = await run('assess', 'ward.pcap', 'cut.pcap', 'missing.pcap', '--json');
    expect(code).toBe(0);
    const { errors, captures } = assessmentSchema.parse(JSON.parse(stdout));
    expect(captures).toHaveLength(2);
    expect(errors.map((error) => error.file)).toEqual(expect.arrayContaining(['cut.pcap', 'missing.pcap']));
    expect(errors.find((error) => error.file === 'cut.pcap')).toMatchObject({
      record: expect.any(Number),
      offset: expect.any(Number),
    });
  });

  it('0 for a capture cut off behind any of some bytes of its records', async () => {
    const whole = wardCapture();
    const check = async (length: number) => {
      await writeFile(join(folder, `cut-${length}.pcap`), whole.subarray(0, length));
      expect([length, (await run('assess', `cut-${length}.pcap`)).code]).toEqual([length, 0]);
    };
    await Promise.all([24, 40, 41, 300, whole.length - 1].map(check));
  });

  it('0 for help and version', async () => {
    expect(await run('--help')).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('Examples:'),
    });
    expect(await run('version')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^wardline \d/) });
    const helpOf = async (command: string) => (await run(...command.split(' '), '--help')).stdout;
    const helps = await Promise.all(
      ['assess', 'sense', 'start', 'asset list', 'asset show', 'register check'].map(helpOf),
    );
    for (const help of helps) expect(help).toMatch(/Examples:/);
  });
});

it('writes a report, the object and tables into a folder that need not exist', async () => {
  expect(await run('assess', 'ward.pcap', '--out', 'new/report')).toMatchObject({ code: 0 });
  const files = await readdir(join(folder, 'new/report'));
  expect(files.toSorted()).toEqual([
    'assessment.json',
    'assets.csv',
    'conversations.csv',
    'findings.csv',
    'report.html',
  ]);
  assessmentSchema.parse(JSON.parse(await readFile(join(folder, 'new/report/assessment.json'), 'utf8')));
});

it('compares with a register whose columns are named by hand', async () => {
  await writeFile(join(folder, 'cmms.csv'), 'Foo;Netz\r\nM-1;00-09-FB-00-00-11\r\nX-9;0009.fb00.0099\r\n');
  const { stdout } = await run(
    'assess',
    'ward.pcap',
    '--json',
    '--register',
    'cmms.csv',
    '--map',
    'Foo=tag',
    '--map',
    'netz=mac',
  );
  const { reconciliation } = assessmentSchema.parse(JSON.parse(stdout));
  expect(reconciliation?.map(({ tag, state, matchedBy }) => [tag, state, matchedBy])).toEqual(
    expect.arrayContaining([
      ['M-1', expect.stringMatching(/matched|conflicting/), 'mac'],
      ['X-9', 'missing', null],
      [null, 'shadow', null],
    ]),
  );
});

it('shows how a register would be read', async () => {
  await writeFile(join(folder, 'cmms.csv'), 'Asset Tag,MAC\nT1,zz\nT1,\n');
  const { code, stdout } = await run('register', 'check', 'cmms.csv');
  expect(code).toBe(0);
  expect(stdout).toContain('1 device can be read; 1 error, 1 doubt');
  expect(stdout).toMatch(/row 2, MAC: "zz" is no MAC address/);
  await writeFile(join(folder, 'empty.csv'), '');
  expect(await run('register', 'check', 'empty.csv')).toMatchObject({ code: 3 });
});

it('fits its lines to the width that is asked for', async () => {
  const { stdout } = await wardline(['assess', 'ward.pcap'], { cwd: folder, env: { COLUMNS: '60' } });
  expect(stdout.split('\n').filter((line) => line.length > 60)).toEqual([]);
});

it('ends quietly when its reader leaves', async () => {
  const shell = spawn(
    'sh',
    ['-c', `"${process.execPath}" "${bin}" assess ward.pcap --json | head -c 10; true`],
    { cwd: folder },
  );
  let stderr = '';
  shell.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  await new Promise((resolve) => shell.on('close', resolve));
  expect(stderr).toBe('');
});

it('says which file may not be read', async ({ skip }) => {
  if (process.getuid?.() === 0) skip('root may read everything');
  await chmod(join(folder, 'ward.pcap'), 0);
  expect(await run('assess', 'ward.pcap')).toMatchObject({
    code: 3,
    stdout: expect.stringContaining('may not be read'),
  });
});

describe("the person's folder", () => {
  it('is the one that npm remembers where npm chose the present one', () => {
    expect(userDirectory({ INIT_CWD: '/r/a/src', npm_package_json: '/r/a/package.json' }, '/r/a')).toBe(
      '/r/a/src',
    );
  });

  it('is the present one where somebody changed it, or where npm is not at work', () => {
    expect(userDirectory({ INIT_CWD: '/r/a/src', npm_package_json: '/r/a/package.json' }, '/elsewhere')).toBe(
      '/elsewhere',
    );
    expect(userDirectory({ INIT_CWD: '/r/a/src' }, '/r')).toBe('/r');
    expect(userDirectory({}, '/r')).toBe('/r');
  });
});

it('runs through npx from a folder deep in a workspace', async () => {
  const deep = fileURLToPath(new URL('./assessment', import.meta.url));
  const { INIT_CWD: _, npm_package_json: __, ...env } = process.env;
  const child = spawn('npx', ['--no-install', 'wardline', 'assess', 'no-such.pcap'], { cwd: deep, env });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect([code, stderr]).toEqual([3, expect.stringContaining('nothing could be read')]);
  expect(stdout).toContain('no-such.pcap: does not exist');
});

it('runs on the pinned Node.js when an older one starts it', async ({ skip }) => {
  const old = ['/usr/bin/node', '/usr/local/bin/node'].find(
    (path) =>
      existsSync(path) && Number(/v(\d+)/.exec(execFileSync(path, ['-v'], { encoding: 'utf8' }))?.[1]) < 24,
  );
  if (!old) skip('no older Node.js on this machine');
  expect(execFileSync(old ?? '', [bin, 'version'], { encoding: 'utf8' })).toMatch(/^wardline \d/);
});
