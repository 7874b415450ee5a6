import { consistencyProof } from '@wardline/ledger';
import type { Logger } from 'pino';
import type { Outgoing } from '../../outgoing/index.ts';
import { alone, type Turns } from '../../servers/index.ts';
import type { Database } from '../../store/database.ts';
import type { Head, Heads } from '../head.ts';
import { readNodes } from '../nodes.ts';
import { keepCosignatures, type WitnessState, witnessStates } from '../witnesses.ts';
import { askWitness } from './request.ts';

/** How often a head is signed where the ledger has grown, and shown to witnesses. */
const ROUND_MILLISECONDS = 60_000;

interface Needs {
  database: Database;
  heads: Heads;
  log: Logger;
  outgoing: Outgoing;
  turns?: Turns;
  /** Called when a witness signed or refused. */
  changed: () => void;
}

/** Signs a head every minute in which acts were written, and has it signed by every witness that takes heads. */
export class WitnessRounds {
  readonly #needs: Needs;
  readonly #troubles = new Map<string, string>();
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  start(): void {
    this.#timer ??= setInterval(() => void this.round(), ROUND_MILLISECONDS).unref();
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#running;
  }

  /** Why a witness did not sign the last time; null while all is well. */
  trouble(name: string): string | null {
    return this.#troubles.get(name) ?? null;
  }

  round(): Promise<void> {
    const { turns = alone } = this.#needs;
    this.#running ??= turns
      .take('witnesses', () => this.#round())
      .finally(() => {
        this.#running = null;
      });
    return this.#running;
  }

  async #round(): Promise<void> {
    const { database, heads, log } = this.#needs;
    try {
      const head = await heads.current();
      for (const witness of await witnessStates(database))
        if (witness.url !== null && witness.size !== head.size) await this.#ask(witness, head);
    } catch (error) {
      log.error({ reason: (error as Error).message }, 'no head was signed or shown to witnesses');
    }
  }

  async #ask(witness: WitnessState, head: Head): Promise<void> {
    const { name } = witness;
    const before = this.trouble(name);
    const trouble = await this.#submit(witness, head).catch(
      (error: unknown) => `it cannot be reached: ${(error as Error).message}`,
    );
    if (trouble === null) this.#troubles.delete(name);
    else this.#troubles.set(name, trouble);
    if (trouble !== null && trouble !== before)
      this.#needs.log.error({ witness: name, reason: trouble }, 'a witness did not sign the head');
    if (trouble === null || trouble !== before) this.#needs.changed();
  }

  /** Null where it signed. A witness that says how much it saw is asked once more from there. */
  async #submit({ url, size, name }: WitnessState, head: Head): Promise<string | null> {
    let answer = await this.#send(url!, size ?? 0, head);
    if (answer.kind === 'conflict' && answer.size <= head.size)
      answer = await this.#send(url!, answer.size, head);
    if (answer.kind === 'refused') return answer.reason;
    if (answer.kind === 'conflict')
      return answer.size > head.size
        ? `it saw ${answer.size} acts, and there are ${head.size}: this ledger was put back to an older state`
        : `it saw ${answer.size} other acts: this ledger was rewritten`;
    const kept = await keepCosignatures(this.#needs.database, `${head.note}${answer.lines}`);
    return kept?.includes(name) ? null : 'its signature does not hold';
  }

  async #send(url: string, old: number, head: Head) {
    const { database, outgoing } = this.#needs;
    const proof = await consistencyProof(old, head.size, (places) => readNodes(database, places));
    return askWitness(outgoing, url, { old, proof, note: head.note });
  }
}
