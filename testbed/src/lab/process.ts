import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** How long a program gets to end by itself after SIGTERM. */
const GRACE_MILLIS = 1500;
/** How long a command gets; generous, since a busy machine is no reason to fail. */
const COMMAND_MILLIS = 60_000;
/** How much a command may print; the rest is dropped. */
const OUTPUT_LIMIT = 1_000_000;

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  timeoutMillis?: number;
  input?: string | Uint8Array;
  env?: Record<string, string>;
}

/** Runs a program to its end, or kills its process group when the time is up (then `code` is null). */
export function run(argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const [program = '', ...args] = argv;
  return new Promise((resolve) => {
    const child = spawn(program, args, { detached: true, env: { ...process.env, ...options.env } });
    const timer = setTimeout(() => killGroup(child, 'SIGKILL'), options.timeoutMillis ?? COMMAND_MILLIS);
    const out = collect(child.stdout);
    const err = collect(child.stderr);
    const end = (code: number | null, failure = '') => {
      clearTimeout(timer);
      resolve({ code, stdout: out(), stderr: err() + failure });
    };
    child.on('error', (error) => end(null, error.message));
    child.on('close', (code) => end(code));
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.on('data', (chunk: Buffer) => {
    if (text.length < OUTPUT_LIMIT) text += chunk.toString('utf8');
  });
  return () => text;
}

/** Starts a program that stays; its output goes to `logFile`. */
export function start(
  argv: readonly string[],
  logFile: string,
  env: Record<string, string> = {},
): ChildProcess {
  const [program = '', ...args] = argv;
  const log = openSync(logFile, 'a');
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, ...env },
  });
  child.on('error', () => undefined);
  closeSync(log);
  return child;
}

/** Ends the program and everything it started in its process group; returns when it has gone. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  killGroup(child, 'SIGTERM');
  const timer = setTimeout(() => killGroup(child, 'SIGKILL'), GRACE_MILLIS);
  await gone;
  clearTimeout(timer);
}

export function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has gone already.
  }
}

export function sleep(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis));
}
