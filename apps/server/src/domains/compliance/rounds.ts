import type { Context } from '../../context.ts';
import { Rounds } from '../../jobs/rounds.ts';
import { followGaps } from './gaps.ts';
import { ROUND_MS } from './limits.ts';
import { lastRecordAt, record } from './records.ts';
import { Judgement } from './standing.ts';

const DAY_MICROS = 86_400_000_000;

/** Records once a day how every control stands, so that it can be told and proved later what was true on that day. */
export class ComplianceRounds extends Rounds {
  constructor(context: Context) {
    super({
      name: 'record of controls',
      turns: context.turns,
      every: ROUND_MS,
      run: async () => {
        await recordDay(context);
        await followGaps(context, new Judgement(context));
      },
      failed: (error) => context.log.warn({ err: error }, 'the controls of this day were not recorded'),
      waits: true,
    });
  }
}

/** Records this day's judgement where none was yet. */
export async function recordDay(context: Context): Promise<void> {
  const last = await lastRecordAt(context.database);
  const day = (at: number) => Math.floor(at / DAY_MICROS);
  if (last !== null && day(last) >= day(context.now())) return;
  await record(context, 'server', await new Judgement(context).state(), null);
  context.events.emit('compliance', 'ledger');
}
