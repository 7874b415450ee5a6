import type { EvidenceFact } from '@wardline/model';
import { factOf, type Gatherer, platformFails } from '../evidence/index.ts';
import { standingOf } from './plan/list.ts';

/** A backup that runs is late by no fault: half of the pause may pass on top of it. */
const GRACE = 1.5;

/** Whether backups are made by the plan, and were restored for a try. */
export const backupEvidence: Gatherer = async (context, at): Promise<EvidenceFact[]> => {
  const { backups } = context.config;
  const { full, proved } = await standingOf(context);
  const asOf = full?.at ?? null;
  const provedFact = factOf('backups.proved', {
    asOf,
    population: full === null ? 0 : 1,
    members: full?.proofTrouble ? [platformFails(full.proofTrouble.slice(0, 2000))] : [],
    hindrance: full !== null && !proved ? 'The last backup was not restored for a try.' : null,
  });
  return [
    factOf('backups.fresh', { asOf, population: 1, members: lateness(backups?.every ?? null, asOf, at) }),
    provedFact,
  ];
};

function lateness(every: number | null, asOf: number | null, at: number) {
  if (every === null) return [platformFails('No backups are planned.')];
  if (asOf === null) return [platformFails('No backup was ever kept.')];
  return at - asOf > every * GRACE ? [platformFails('The last backup is older than the plan allows.')] : [];
}
