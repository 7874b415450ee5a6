import { Chance } from './chance.ts';
import { type Comparison, register, Seen, type Token } from './coverage.ts';
import { bounded, type Input, sizeOf } from './input.ts';
import { mutate } from './mutate.ts';
import type { Target } from './targets.ts';

/**
 * Branches that one execution may take: so much for being there at all, and for each byte. The steepest that is
 * rightful is far below; what costs the square of its input is beyond at a few KiB.
 */
const WORK_AT_ALL = 100_000;
const WORK_PER_BYTE = 400;

interface Entry {
  input: Input;
  comparisons: readonly Comparison[];
  /** False where only the number of times is new that branches were taken. */
  addsBranch: boolean;
}

export interface Finding {
  target: string;
  message: string;
  input: Input;
}

/** Figures of one target. */
export interface Figures {
  target: string;
  executions: number;
  seconds: number;
  branches: number;
  corpus: number;
  findings: number;
  /** Executions and seconds since the last new branch. */
  quietExecutions: number;
  quietSeconds: number;
  /** Most branches per byte that one execution took. */
  steepest: number;
}

/** The search on one target: mutates what showed something new, keeps what shows more. */
export class Campaign {
  readonly target: Target;
  readonly entries: Entry[] = [];
  readonly findings = new Map<string, Finding>();
  readonly #chance: Chance;
  readonly #tokens: readonly Token[];
  readonly #seen = new Seen();
  readonly #onStart: (input: Input) => void;
  #executions = 0;
  #seconds = 0;
  #newBranchAt = { executions: 0, seconds: 0 };
  #steepest = 0;

  constructor(target: Target, seed: number, onStart: (input: Input) => void) {
    this.target = target;
    this.#chance = new Chance(seed);
    this.#tokens = tokensFor(target.id);
    this.#onStart = onStart;
  }

  get figures(): Figures {
    return {
      target: this.target.id,
      executions: this.#executions,
      seconds: Math.round(this.#seconds * 10) / 10,
      branches: this.#seen.branches,
      corpus: this.entries.length,
      findings: this.findings.size,
      quietExecutions: this.#executions - this.#newBranchAt.executions,
      quietSeconds: Math.round(this.#seconds - this.#newBranchAt.seconds),
      steepest: Math.round(this.#steepest),
    };
  }

  /** Runs inputs as they are; keeps those that show something new. Smaller ones come first. */
  async sow(inputs: readonly Input[]): Promise<void> {
    for (const input of inputs.map(bounded).sort((a, b) => sizeOf(a) - sizeOf(b))) await this.#try(input);
    if (this.entries.length === 0) this.entries.push({ input: [], comparisons: [], addsBranch: false });
  }

  /** Searches for so many seconds or so many executions, whichever ends first. */
  async search(seconds: number, executions: number): Promise<void> {
    const began = performance.now();
    const before = this.#seconds;
    const until = this.#executions + executions;
    while (this.#executions < until) {
      await this.#try(this.#next());
      this.#seconds = before + (performance.now() - began) / 1000;
      if (this.#seconds - before >= seconds) return;
    }
  }

  #next(): Input {
    const { entries } = this;
    const chance = this.#chance;
    const recent = Math.max(0, entries.length - 32);
    const at =
      chance.below(3) === 0 ? recent + chance.below(entries.length - recent) : chance.below(entries.length);
    const { input, comparisons } = entries[at]!;
    const other = chance.of(entries).input;
    const tokens = this.#tokens;
    return mutate(input, { chance, kinds: this.target.kinds, tokens, comparisons, other });
  }

  async #try(input: Input): Promise<void> {
    register.reset();
    register.isTracing = this.#executions % 8 === 0;
    this.#executions += 1;
    this.#onStart(input);
    const problem = await this.#problemOf(input);
    if (problem !== null) this.#report(input, problem);
    const before = this.#seen.branches;
    const isNew = this.#seen.learn();
    const addsBranch = this.#seen.branches > before;
    if (problem === null && isNew) this.#keep(input, addsBranch);
    if (addsBranch) this.#newBranchAt = { executions: this.#executions, seconds: this.#seconds };
  }

  async #problemOf(input: Input): Promise<string | null> {
    try {
      const running = this.target.run(input);
      if (running) await running;
    } catch (cause) {
      return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    }
    const work = register.work();
    const size = sizeOf(input);
    if (size > 64) this.#steepest = Math.max(this.#steepest, work / size);
    const most = WORK_AT_ALL + size * WORK_PER_BYTE;
    return work > most ? `${work} branches for ${size} bytes; at most ${most} are rightful` : null;
  }

  #keep(input: Input, addsBranch: boolean): void {
    const copy = input.map(({ kind, bytes }) => ({ kind, bytes: Uint8Array.from(bytes) }));
    this.entries.push({ input: copy, comparisons: [...register.comparisons], addsBranch });
    try {
      this.target.examine?.(copy);
    } catch (cause) {
      this.#report(input, cause instanceof Error ? cause.message : String(cause));
    }
  }

  #report(input: Input, message: string): void {
    // One fault is found again and again: it is known by its words and the place that threw.
    const key = message.split('\n').slice(0, 3).join('\n').replaceAll(/\d+/g, '#');
    if (this.findings.has(key) || this.findings.size >= 50) return;
    const copy = input.map(({ kind, bytes }) => ({ kind, bytes: Uint8Array.from(bytes) }));
    this.findings.set(key, { target: this.target.id, message, input: copy });
  }
}

/** The tokens of the folder that has the protocol's name, or of all where none has. */
function tokensFor(id: string): Token[] {
  const [name = ''] = id.split('/');
  const own = register.tokens.get(name);
  if (own && own.size >= 8) return [...own];
  return [...new Set([...register.tokens.values()].flatMap((tokens) => [...tokens]))];
}
