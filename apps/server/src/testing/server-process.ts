import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A server in a process of its own, which a test may kill. */
export class ServerProcess {
  static readonly #living = new Set<ServerProcess>();
  readonly child: ChildProcess;
  readonly url: string;
  readonly #dataDir: string;

  constructor(child: ChildProcess, url: string, dataDir: string) {
    this.child = child;
    this.url = url;
    this.#dataDir = dataDir;
  }

  /** `env`: settings beside those of this process. */
  static async start(dataDir: string, env: Record<string, string> = {}): Promise<ServerProcess> {
    const script = join(import.meta.dirname, 'run-server.ts');
    const child = spawn(process.execPath, [script, dataDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    });
    const url = await new Promise<string>((resolve, reject) => {
      let said = '';
      child.stdout?.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        const found = /^url (\S+)$/m.exec(said)?.[1];
        if (found) resolve(found);
      });
      child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
    });
    const server = new ServerProcess(child, url, dataDir);
    ServerProcess.#living.add(server);
    return server;
  }

  get databasePid(): number {
    const file = readFileSync(join(this.#dataDir, 'database', 'postmaster.pid'), 'utf8');
    return Number(file.split('\n')[0]);
  }

  async ask<T>(path: string, init: RequestInit = {}): Promise<T> {
    const token = readFileSync(join(this.#dataDir, 'cli-token'), 'utf8');
    const headers = {
      ...(init.headers as Record<string, string> | undefined),
      authorization: `Bearer ${token}`,
    };
    const response = await fetch(`${this.url}/api/v1/${path}`, { ...init, headers });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Ends what a test that failed has left, in order, so that no database stays behind. */
  static async endAll(): Promise<void> {
    await Promise.all([...ServerProcess.#living].map((server) => server.end('SIGTERM')));
  }

  /** Ends it in order, or with SIGKILL as a power cut would. */
  async end(signal: NodeJS.Signals): Promise<void> {
    ServerProcess.#living.delete(this);
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill(signal);
    await ended;
  }
}
