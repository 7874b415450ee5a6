import { formatMicros, type SevenSteps } from '@wardline/model';
import { sevenSteps } from '@wardline/reports';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { evidenceNow } from '../compliance/index.ts';
import { threatCounts } from '../risk/index.ts';

/** The seven steps of a risk assessment as they stand now. */
export async function stepsNow(context: Context): Promise<SevenSteps> {
  const at = context.now();
  const { rows } = await sql<{ number: number; at: number }>`
    select number, at from report where kind = 'risk-analysis' order by number desc limit 1`.execute(
    context.database,
  );
  const [last] = rows;
  const steps = sevenSteps({
    evidence: await evidenceNow(context),
    threats: await threatCounts(context),
    lastAnalysis: last?.at ?? null,
    at,
  });
  return {
    asOf: formatMicros(at),
    steps,
    last: last === undefined ? null : { number: last.number, at: formatMicros(last.at) },
  };
}
