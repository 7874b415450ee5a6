import { sql } from 'kysely';
import { factOf, type Gatherer, platformFails } from '../../evidence/index.ts';

/** Whether a policy is in force that somebody else than its authors approved. */
export const segmentationEvidence: Gatherer = async ({ database }) => {
  const { rows } = await sql<{ number: number; decided: number; alone: boolean; restores: number | null }>`
    select number, decided, decided_by = any(authors) as alone, restores from policy_version where state = 'approved'`.execute(
    database,
  );
  const [version] = rows;
  if (version === undefined)
    return [
      factOf('segmentation.in-force', {
        asOf: null,
        population: 1,
        members: [platformFails('No policy of zones is in force.')],
      }),
    ];
  // Whoever takes an earlier version up again is alone, and it was approved by two before.
  const members =
    version.alone && version.restores === null
      ? [platformFails(`Version ${version.number} was approved by one of its authors.`)]
      : [];
  return [factOf('segmentation.in-force', { asOf: version.decided, population: 1, members })];
};
