import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { type CaptureProgram, captureArguments, explainEnd, lostByTcpdump } from './capture-program.ts';

/** What a program said last is kept, no more: it may talk for months. */
const KEPT_SAID = 8192;
/** A program that does not end when it is asked to is ended. */
const END_MS = 5000;

/**
 * What a capture program reads from an interface. The signal asks the program to end, so that what it has buffered and its
 * last statistics still come. The program is in a process group of its own: an interrupt at the terminal reaches it through
 * us alone, after which it ends in order.
 */
export class InterfaceSource {
  /** Why it ended, where that was not by the signal; null while it runs. */
  problem: string | null = null;
  readonly #program: CaptureProgram;
  readonly #arguments: string[];
  readonly #signal: AbortSignal;
  #child: ChildProcessByStdio<null, Readable, Readable> | null = null;
  #said = '';
  #hasBegun = false;

  constructor(program: CaptureProgram, nic: string, filter: string | undefined, signal: AbortSignal) {
    this.#program = program;
    this.#arguments = captureArguments(program.name, nic, filter);
    this.#signal = signal;
  }

  /**
   * Packets lost so far. dumpcap tells at its end only, within the stream; tcpdump tells when asked, which this does for
   * the next time.
   */
  readonly lostSoFar = (): number => {
    if (this.#program.name !== 'tcpdump') return 0;
    if (this.#hasBegun && this.#isRunning()) this.#child?.kill('SIGUSR1');
    return lostByTcpdump(this.#said) ?? 0;
  };

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    if (this.#signal.aborted) return;
    const { child, ended } = this.#start();
    const stop = () => this.#stop();
    this.#signal.addEventListener('abort', stop, { once: true });
    try {
      for await (const chunk of child.stdout) {
        this.#hasBegun = true;
        yield chunk as Buffer;
      }
      await ended;
      if (!this.#signal.aborted) this.problem = explainEnd(this.#program, this.#said);
    } finally {
      this.#signal.removeEventListener('abort', stop);
      stop();
    }
  }

  #start(): { child: ChildProcessByStdio<null, Readable, Readable>; ended: Promise<void> } {
    const child = spawn(this.#program.path, this.#arguments, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#child = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-KEPT_SAID);
    });
    const ended = new Promise<void>((resolve) => {
      child.once('error', (error) => {
        this.#said += error.message;
        resolve();
      });
      child.once('close', () => resolve());
    });
    return { child, ended };
  }

  #isRunning(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  #stop(): void {
    if (!this.#isRunning()) return;
    this.#child?.kill('SIGINT');
    setTimeout(() => this.#child?.kill('SIGKILL'), END_MS).unref();
  }
}
