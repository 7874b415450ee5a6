import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { bin } from '../../testing/run.ts';

const installed = (program: string) =>
  ['/usr/sbin', '/sbin', '/usr/bin', '/bin'].some((folder) => existsSync(`${folder}/${program}`));

/** Namespaces can be made here, and the programs are there. */
export const canForward: boolean =
  process.getuid?.() === 0 &&
  ['nft', 'ip', 'conntrack', 'tcpdump', 'bash'].every(installed) &&
  spawnSync('unshare', ['-n', 'true']).status === 0;

/** Answers on several ports, and holds every session open. */
const SERVER = `
const { createServer } = require('node:net');
let open = 0;
const ports = process.argv.slice(1).map(Number);
for (const port of ports)
  createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(port, () => {
    open += 1;
    if (open === ports.length) console.log('listening');
  });
`;

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A gateway of the Linux kernel between a client (10.91.1.2) and a server (10.91.2.2), each in a namespace of its own. */
export class Gateway {
  readonly names: { client: string; gateway: string; server: string };
  readonly #children: ChildProcess[] = [];

  constructor() {
    const stem = `wle${process.pid % 100_000}`;
    this.names = { client: `${stem}c`, gateway: `${stem}g`, server: `${stem}s` };
    for (const name of Object.values(this.names)) run('ip', 'netns', 'add', name);
    this.#link(this.names.client, 'wards', '10.91.1');
    this.#link(this.names.server, 'centre', '10.91.2');
    this.in('gateway', 'sysctl', '-qw', 'net.ipv4.ip_forward=1');
  }

  /** An interface of the gateway, `.1`, and its other end, `.2`. */
  #link(other: string, nic: string, network: string): void {
    const { gateway } = this.names;
    run('ip', '-n', gateway, 'link', 'add', nic, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', other);
    run('ip', '-n', gateway, 'address', 'add', `${network}.1/24`, 'dev', nic);
    run('ip', '-n', gateway, 'link', 'set', nic, 'up');
    run('ip', '-n', other, 'address', 'add', `${network}.2/24`, 'dev', 'eth0');
    run('ip', '-n', other, 'link', 'set', 'eth0', 'up');
    run('ip', '-n', other, 'route', 'add', 'default', 'via', `${network}.1`);
  }

  /** What a command prints in one of the namespaces. @throws where it fails */
  in(place: keyof Gateway['names'], ...command: string[]): string {
    return run('ip', 'netns', 'exec', this.names[place], ...command);
  }

  start(place: keyof Gateway['names'], ...command: string[]): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', this.names[place], ...command], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#children.push(child);
    return child;
  }

  /** `wardline policy …` on the gateway; `path` comes first where programs are looked for. */
  policy(args: readonly string[], path = ''): Ended {
    const { INIT_CWD: _, npm_package_json: __, ...env } = process.env;
    const { status, stdout, stderr } = spawnSync('ip', this.command(args), {
      encoding: 'utf8',
      env: { ...env, PATH: `${path}${path === '' ? '' : ':'}${env.PATH}`, NO_COLOR: '1', COLUMNS: '100' },
    });
    return { code: status, stdout, stderr };
  }

  command(args: readonly string[]): string[] {
    return ['netns', 'exec', this.names.gateway, process.execPath, bin, 'policy', ...args];
  }

  async serve(...ports: number[]): Promise<void> {
    const child = this.start('server', process.execPath, '-e', SERVER, ...ports.map(String));
    await new Promise((resolve) => child.stdout!.once('data', resolve));
  }

  /** Whether a session to the server opens within the patience of a client. */
  opens(port: number, seconds = 10): boolean {
    const script = `exec 3<>/dev/tcp/10.91.2.2/${port}`;
    const command = ['netns', 'exec', this.names.client, 'timeout', String(seconds), 'bash', '-c', script];
    return spawnSync('ip', command, { stdio: 'ignore' }).status === 0;
  }

  /** Opens a session that stays, and returns once the kernel tracks it. */
  hold(port: number): void {
    this.start('client', 'bash', '-c', `exec 3<>/dev/tcp/10.91.2.2/${port}; sleep 600`);
    const until = performance.now() + 30_000;
    while (!this.tracks(port) && performance.now() < until) pause(20);
  }

  tracks(port: number): boolean {
    return new RegExp(`ESTABLISHED.*dport=${port} `).test(
      this.in('gateway', 'cat', '/proc/net/nf_conntrack'),
    );
  }

  /** Ends the processes on the gateway whose command line holds the text, as a power cut would. */
  kill(text: string): void {
    const pids = run('ip', 'netns', 'pids', this.names.gateway).split('\n').filter(Boolean);
    for (const pid of pids)
      if (readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(text)) process.kill(Number(pid), 'SIGKILL');
  }

  close(): void {
    for (const child of this.#children) child.kill('SIGKILL');
    for (const name of Object.values(this.names)) {
      const pids = spawnSync('ip', ['netns', 'pids', name], { encoding: 'utf8' }).stdout.split('\n');
      for (const pid of pids.filter(Boolean)) spawnSync('kill', ['-9', pid]);
      spawnSync('ip', ['netns', 'delete', name]);
    }
  }
}

export function pause(millis: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, millis);
}

function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
