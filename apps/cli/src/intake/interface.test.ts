import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { wardCapture } from '../testing/capture.ts';
import { IntakeServer } from '../testing/intake-server.ts';
import { bin, wardline } from '../testing/run.ts';
import {
  captureArguments,
  explainEnd,
  findCaptureProgram,
  isInterfaceName,
  lostByTcpdump,
} from './capture-program.ts';

vi.setConfig({ testTimeout: 120_000 });

let folder: string;
let server: IntakeServer;
let common: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wardline-interface-'));
  server = new IntakeServer();
  common = ['--server', await server.listen(), '--data', folder, '--sensor', 'test', '--flush', '0.2'];
  await writeFile(join(folder, 'cli-token'), `${server.token}\n`);
});
afterEach(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

function start(args: string[], env: Record<string, string> = {}) {
  const options = {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'] as ['ignore', 'ignore', 'pipe'],
  };
  const child = spawn(process.execPath, [bin, 'sense', ...args, ...common], options);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, stderr })),
  );
  return { child, ended };
}

const packets = () => server.batches.reduce((sum, { statistics }) => sum + statistics.packets, 0);
const lost = () =>
  server.batches.reduce((sum, { statistics }) => sum + (statistics.dropped['kernel-dropped'] ?? 0), 0);

/** A capture program of our own that says what the real one says. */
async function pretend(name: string, script: string): Promise<Record<string, string>> {
  const path = join(folder, name);
  await writeFile(join(folder, 'ward.pcap'), wardCapture());
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return { PATH: `${folder}${delimiter}${process.env.PATH ?? ''}` };
}

/** Installed, and this user may use it here. */
function mayCapture(program: string): boolean {
  if (spawnSync(program, ['--version']).error !== undefined) return false;
  const { stderr } = spawnSync('timeout', ['-s', 'INT', '1', program, '-i', 'lo', '-w', '/dev/null']);
  return !/permission|not permitted/i.test(String(stderr));
}

describe.each(['dumpcap', 'tcpdump'])('a live interface with %s', (program) => {
  const isUsable = mayCapture(program);

  it.skipIf(!isUsable)('is read until it is asked to stop, and the last packets still come', async () => {
    const socket = createSocket('udp4');
    const port = 20_000 + (process.pid % 20_000) + program.length;
    const { child, ended } = start([
      '--interface',
      'lo',
      '--with',
      program,
      '--filter',
      `udp dst port ${port}`,
    ]);
    const send = () => new Promise((resolve) => socket.send('hello', port, '127.0.0.1', resolve));
    await expect
      .poll(() => send().then(() => server.batches.length), { timeout: 90_000, interval: 100 })
      .toBeGreaterThan(1);
    const before = packets();
    for (let i = 0; i < 25; i++) await send();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 0 });
    socket.close();
    expect(packets()).toBeGreaterThanOrEqual(before + 25);
    expect(server.batches.at(-1)).toMatchObject({ last: true });
    expect(new Set(server.batches.map(({ stream }) => stream)).size).toBe(1);
    expect(lost()).toBe(0);
  });

  it.skipIf(!isUsable)('that is not there is said to be so', async () => {
    const ended = await wardline(['sense', '--interface', 'nope0', '--with', program, ...common]);
    expect(ended).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('nope0: there is no such interface'),
    });
    expect(ended.stderr).not.toContain('empty file');
  });
});

describe('losses', () => {
  it('are asked of tcpdump while it runs, and each is told once', async () => {
    const env = await pretend(
      'tcpdump',
      `trap 'echo "9 packets captured, 9 packets received by filter, 3 packets dropped by kernel" >&2' USR1
trap 'echo "5 packets dropped by kernel" >&2; echo "2 packets dropped by interface" >&2; exit 0' INT
cat ${folder}/ward.pcap
while :; do sleep 0.1; done`,
    );
    const { child, ended } = start(['--interface', 'eth7', '--with', 'tcpdump'], env);
    await expect.poll(() => server.batches.length, { timeout: 90_000 }).toBeGreaterThan(0);
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0 });
    expect(packets()).toBe(16);
    expect(lost()).toBe(7);
  });

  it('of which tcpdump said nothing yet are not known', () => {
    expect(lostByTcpdump('tcpdump: listening on lo')).toBeNull();
    expect(lostByTcpdump('1 packet dropped by kernel')).toBe(1);
    expect(
      lostByTcpdump(
        '4 packets dropped by kernel\n...\n6 packets dropped by kernel\n1 packet dropped by interface',
      ),
    ).toBe(7);
  });
});

it('says so when the program ends by itself, after what it read was handed over', async () => {
  const env = await pretend(
    'dumpcap',
    `cat ${folder}/ward.pcap; echo 'The network adapter "eth7" went down' >&2; exit 1`,
  );
  const { ended } = start(['--interface', 'eth7'], env);
  const { code, stderr } = await ended;
  expect(code).toBe(1);
  expect(stderr).toContain('eth7: the interface is down');
  expect(packets()).toBe(16);
});

it('leaves no capture program behind when the server refuses', async () => {
  const env = await pretend('dumpcap', `echo $$ > ${folder}/pid; cat ${folder}/ward.pcap; exec sleep 600`);
  await writeFile(join(folder, 'cli-token'), 'wrong');
  const { ended } = start(['--interface', 'eth7', '--no-spool'], env);
  expect(await ended).toMatchObject({ code: 1, stderr: expect.stringContaining('Sign in first') });
  const pid = Number(await readFile(join(folder, 'pid'), 'utf8'));
  await expect.poll(() => spawnSync('kill', ['-0', String(pid)]).status, { timeout: 90_000 }).not.toBe(0);
});

it.each([
  ['dumpcap: There is no device named "nope0".\n(No such device exists)', 'there is no such interface'],
  ['tcpdump: nope0: No such device exists\n(No such device exists)', 'there is no such interface'],
  [
    'dumpcap: You do not have permission to capture on device "lo".\n(socket: Operation not permitted)',
    'this user may not capture',
  ],
  [
    "tcpdump: lo: You don't have permission to perform this capture on that device",
    'this user may not capture',
  ],
  ['dumpcap: Invalid capture filter "foo bar" for interface \'lo\'.', 'does not understand the filter'],
  ["tcpdump: can't parse filter expression: syntax error", 'does not understand the filter'],
  [
    'tcpdump: pcap_loop: The interface disappeared',
    'dumpcap ended: tcpdump: pcap_loop: The interface disappeared',
  ],
  ['', 'dumpcap ended'],
])('explains %j', (said, expected) => {
  expect(explainEnd({ name: 'dumpcap', path: '/usr/bin/dumpcap' }, said)).toContain(expected);
});

it('takes names of interfaces and nothing that a program could take for an option', () => {
  for (const name of ['eth0', 'enp3s0f1.100', 'wlan0', 'any', 'br-lan', 'x'.repeat(64)])
    expect(isInterfaceName(name)).toBe(true);
  for (const name of ['', '-w', 'a b', 'a;b', 'x'.repeat(65)]) expect(isInterfaceName(name)).toBe(false);
});

it('says which program is missing, and hands a filter on as one argument', () => {
  expect(findCaptureProgram('nonesuch', '/usr/bin')).toBeNull();
  expect(captureArguments('tcpdump', 'eth0', 'tcp port 104').slice(-2)).toEqual(['--', 'tcp port 104']);
  expect(captureArguments('dumpcap', 'eth0', 'tcp port 104')).toContain('tcp port 104');
});

it.each([
  [['--interface', 'eth0', 'ward.pcap'], 'one of them only'],
  [[], 'one of them only'],
  [['--interface', '-w'], 'expected the name of an interface'],
  [['--interface', 'eth0', '--with', 'tshark'], 'expected dumpcap or tcpdump'],
  [['ward.pcap', '--filter', 'tcp'], 'belong to --interface'],
])('refuses %j', async (args, message) => {
  const ended = await wardline(['sense', ...args, ...common]);
  expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
});
