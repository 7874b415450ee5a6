import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Outcome, type RunOptions, run, sleep, start, stop } from './process.ts';

/** How long a service may take until it listens. */
const LISTEN_MILLIS = 45_000;

/**
 * Gives a program its own host name, an empty /run, and files laid over the host's, then becomes the program. `ip netns
 * exec` has made the mount name space a private one, so nothing of this shows on the host.
 */
const STAGE = `
hostname "$WL_HOST"
mount -t tmpfs tmpfs /run
for d in $WL_RUN_DIRS; do mkdir -p -m 0755 "/run/$d"; done
for b in $WL_BINDS; do mount --bind "\${b%%=*}" "\${b#*=}"; done
exec "$@"`;

export interface Place {
  /** The device's id; its name space is `wl-` + id. */
  id: string;
  hostname: string;
}

export interface StageOptions extends RunOptions {
  /** File or folder of the lab → path it is laid over. */
  binds?: Record<string, string>;
  /** Folders made under /run. */
  runDirs?: string[];
}

export class LabError extends Error {
  override name = 'LabError';
}

/** Owns every name space, process and file of one recording, and takes all of them away again. */
export class Lab {
  readonly dir: string;
  private readonly namespaces = new Set<string>();
  private readonly children = new Set<ChildProcess>();
  private closing: Promise<void> | null = null;

  /** What the names of its name spaces begin with. */
  private readonly prefix: string;

  constructor(prefix = 'wl-') {
    this.prefix = prefix;
    this.dir = mkdtempSync(join(tmpdir(), 'wl-testbed-'));
    mkdirSync(join(this.dir, 'logs'));
  }

  /** Writes a file of the lab (its folders are made) and returns its path. */
  file(name: string, content: string | Uint8Array, mode = 0o644): string {
    const path = join(this.dir, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, { mode });
    return path;
  }

  folder(name: string): string {
    const path = join(this.dir, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  async addNamespace(id: string): Promise<void> {
    this.stillOpen();
    this.namespaces.add(id);
    await this.must(['ip', 'netns', 'add', this.namespaceOf(id)]);
  }

  /** Runs on the host side; a failure is an exception. */
  async must(argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    const outcome = await run(argv, options);
    if (outcome.code !== 0) {
      throw new LabError(`${argv.join(' ')}: ${outcome.stderr.trim() || `exit ${outcome.code}`}`);
    }
    return outcome;
  }

  /** Runs a program to its end on a device; what it returned is the caller's to judge. */
  on(place: Place, argv: readonly string[], options: StageOptions = {}): Promise<Outcome> {
    return run(this.staged(place, argv), { ...options, env: this.stageEnv(place, options) });
  }

  /** Runs a program on a device; a failure is an exception. */
  async mustOn(place: Place, argv: readonly string[], options: StageOptions = {}): Promise<Outcome> {
    return this.must(this.staged(place, argv), { ...options, env: this.stageEnv(place, options) });
  }

  /** Starts a service on a device. */
  startOn(place: Place, argv: readonly string[], options: StageOptions = {}): ChildProcess {
    this.stillOpen();
    const program = argv[0]?.split('/').at(-1) ?? 'program';
    const log = join(this.dir, 'logs', `${place.id}-${program}.log`);
    const child = start(this.staged(place, argv), log, this.stageEnv(place, options));
    this.watch(child);
    return child;
  }

  /** Waits until a TCP port is listened on in the device's name space. */
  async listening(place: Place, port: number): Promise<void> {
    const until = performance.now() + LISTEN_MILLIS;
    while (performance.now() < until) {
      const { stdout } = await run(this.plainly(place, ['ss', '-Htln', `sport = :${port}`]));
      if (stdout.trim() !== '') return;
      await sleep(50);
    }
    throw new LabError(`${place.id}: nothing listens on port ${port}; see ${this.dir}/logs`);
  }

  /** Has a process that somebody else started ended with the lab. */
  watch(child: ChildProcess): void {
    this.children.add(child);
  }

  async stopOne(child: ChildProcess): Promise<void> {
    await stop(child);
    this.children.delete(child);
  }

  /** Ends every process and removes every name space and file. Harmless when called again. */
  close(keepFiles = false): Promise<void> {
    this.closing ??= this.tearDown(keepFiles);
    return this.closing;
  }

  /** What is made while everything is being taken away would stay behind. */
  private stillOpen(): void {
    if (this.closing !== null) throw new LabError('the recording was abandoned');
  }

  private async tearDown(keepFiles: boolean): Promise<void> {
    await Promise.all([...this.children].map((child) => stop(child)));
    for (const id of this.namespaces) await this.removeNamespace(id);
    if (!keepFiles) rmSync(this.dir, { recursive: true, force: true });
  }

  private async removeNamespace(id: string): Promise<void> {
    const { stdout } = await run(['ip', 'netns', 'pids', this.namespaceOf(id)]);
    for (const pid of stdout.split('\n').filter(Boolean)) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // Ended meanwhile.
      }
    }
    await run(['ip', 'netns', 'del', this.namespaceOf(id)]);
  }

  namespaceOf(id: string): string {
    return `${this.prefix}${id}`;
  }

  /** The command that runs a program in a device's name space and nothing more, for whoever spawns it alone. */
  plainly(place: Place, argv: readonly string[]): string[] {
    return ['ip', 'netns', 'exec', this.namespaceOf(place.id), ...argv];
  }

  private staged(place: Place, argv: readonly string[]): string[] {
    return [
      'ip',
      'netns',
      'exec',
      this.namespaceOf(place.id),
      'unshare',
      '--uts',
      'sh',
      '-ec',
      STAGE,
      'stage',
      ...argv,
    ];
  }

  private stageEnv(place: Place, options: StageOptions): Record<string, string> {
    const binds = { ...this.standardBinds(), ...options.binds };
    return {
      ...options.env,
      WL_HOST: place.hostname,
      WL_RUN_DIRS: (options.runDirs ?? []).join(' '),
      WL_BINDS: Object.entries(binds)
        .map(([from, to]) => `${from}=${to}`)
        .join(' '),
    };
  }

  private standardBinds(): Record<string, string> {
    const resolver = join(this.dir, 'resolv.conf');
    return existsSync(resolver) ? { [resolver]: '/etc/resolv.conf' } : {};
  }
}

/** Names of name spaces that an earlier, killed run has left behind. */
export function leftovers(): string[] {
  return existsSync('/run/netns') ? readdirSync('/run/netns').filter((name) => name.startsWith('wl-')) : [];
}
