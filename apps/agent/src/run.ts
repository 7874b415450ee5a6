import type { Agent, Outcome } from './agent.ts';
import { AgentError } from './agent-error.ts';
import { backOff, later } from './time/back-off.ts';

/** What a loop needs beside its agent. */
export interface RunSettings {
  signal: AbortSignal;
  /** Waits; returns early where the signal says so. */
  sleep: (seconds: number, signal: AbortSignal) => Promise<void>;
  /** 0 to 1. */
  chance: () => number;
  /** Told of each step, for a log; nothing secret is in it. */
  tell: (step: Step) => void;
}

export type Step = Outcome | { state: 'failed'; code: AgentError['code']; message: string; seconds: number };

/** Keeps a device's identity alive until it is told to stop. Whatever a network, a server or a clock does, it goes on. */
export async function runAgent(agent: Agent, { signal, sleep, chance, tell }: RunSettings): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    const step = await stepOf(agent, failures + 1, chance);
    failures = step.state === 'failed' ? failures + 1 : 0;
    tell(step);
    await sleep(step.seconds, signal);
  }
}

async function stepOf(agent: Agent, failures: number, chance: () => number): Promise<Step> {
  try {
    const outcome = await agent.round();
    return { ...outcome, seconds: later(outcome.seconds, chance()) };
  } catch (error) {
    const { code, message } = faultOf(error);
    return { state: 'failed', code, message, seconds: backOff(failures, chance()) };
  }
}

/** What may pass by itself, a full disk among it. @throws what will not */
function faultOf(error: unknown): AgentError {
  if (error instanceof AgentError && error.code !== 'state') return error;
  const { syscall, message } = error as NodeJS.ErrnoException;
  if (error instanceof AgentError || syscall === undefined) throw error;
  return new AgentError('disk', message);
}
