import type { EvidenceMember } from '@wardline/model';
import { parseMicros } from '@wardline/model';
import { factOf, type Gatherer } from '../../evidence/index.ts';
import { readPoints } from './points.ts';

/** Whether each enforcement point runs what was approved; a silent one says nothing of itself. */
export const enforcementEvidence: Gatherer = async ({ database }, at) => {
  const points = await readPoints(database, at);
  const members = points.flatMap(({ id, name, drift }): EvidenceMember[] => {
    const [worst] = drift.toSorted((a, b) => Number(a.kind === 'silent') - Number(b.kind === 'silent'));
    if (worst === undefined) return [];
    const answer = worst.kind === 'silent' ? 'unknown' : 'fails';
    return [{ kind: 'policy', id, name, answer, note: worst.message }];
  });
  const reported = points.flatMap((point) =>
    point.reported === null ? [] : [parseMicros(point.reported) ?? 0],
  );
  return [
    factOf('segmentation.enforced', {
      asOf: reported.length === 0 ? null : Math.min(...reported),
      population: points.length,
      members,
      hindrance: points.length === 0 ? 'No enforcement point reports what it runs.' : null,
    }),
  ];
};
