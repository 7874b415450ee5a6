import { judge } from '@wardline/compliance';
import type { ComplianceState, JudgedControl } from '@wardline/model';
import type { Context } from '../../context.ts';
import { gather } from './gather.ts';
import { NOW_MICROS } from './limits.ts';
import { recordOfDay, type Statuses } from './records.ts';
import { saidAt } from './said.ts';

/** Every control judged: now, or as it was recorded. */
export interface Standing {
  state: ComplianceState;
  judged: ReadonlyMap<string, JudgedControl>;
  /** The number of the record; null where it was judged at this moment. */
  record: number | null;
}

/** Judges what is known now. What several requests of one page ask is worked out once. */
export class Judgement {
  readonly #context: Context;
  #standing: Promise<Standing> | null = null;
  #at = 0;

  constructor(context: Context) {
    this.#context = context;
  }

  /** @throws Refusal where nothing was recorded until the day */
  async standing(day: string | undefined): Promise<Standing> {
    if (day !== undefined) return await this.#recorded(day);
    const at = this.#context.now();
    if (this.#standing === null || at - this.#at > NOW_MICROS) {
      this.#at = at;
      this.#standing = this.#judge(at);
    }
    return await this.#standing.catch((error: unknown) => {
      this.forget();
      throw error;
    });
  }

  /** Something was said or done: what was worked out before is not now any more. */
  forget(): void {
    this.#standing = null;
  }

  async state(): Promise<ComplianceState> {
    const at = this.#context.now();
    return { at, facts: await gather(this.#context, at), ...(await saidAt(this.#context.database, at)) };
  }

  async #judge(_at: number): Promise<Standing> {
    const state = await this.state();
    return { state, judged: judge(this.#context.knowledge.controls, state), record: null };
  }

  async #recorded(day: string): Promise<Standing> {
    const { id, state, statuses } = await recordOfDay(this.#context.database, day);
    return {
      state,
      judged: asRecorded(judge(this.#context.knowledge.controls, state), statuses),
      record: id,
    };
  }
}

/** What was recorded is what was true then, also where catalogues or questions are others today. */
function asRecorded(
  judged: ReadonlyMap<string, JudgedControl>,
  statuses: Statuses,
): ReadonlyMap<string, JudgedControl> {
  return new Map(
    [...judged].flatMap(([ref, one]) => {
      const status = statuses[ref];
      if (status === undefined) return [];
      const reason =
        status === one.status
          ? one.reason
          : 'As it was recorded; by the questions of today it would come out otherwise.';
      return [[ref, { ...one, status, reason }] as const];
    }),
  );
}
