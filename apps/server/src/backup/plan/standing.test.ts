import { expect, it } from 'vitest';
import { type Standing, warningsOf } from './standing.ts';

const [minute, hour] = [60_000_000, 3_600_000_000];
const plan = {
  folder: '/srv/backups',
  recipients: [],
  every: 24 * hour,
  changes: 5 * minute,
  keep: 720 * hour,
  prove: true,
};
const now = 1000 * hour;
const well: Standing = {
  plan,
  now,
  since: 0,
  full: { at: now - 24 * hour, proofTrouble: null },
  until: now - 5 * minute,
  hindrance: null,
  trouble: null,
};
const warned = (of: Partial<Standing>) => warningsOf({ ...well, ...of }).map(({ what }) => what);

it.each<[Partial<Standing>, RegExp | null]>([
  [{}, null],
  [{ full: { at: now - 36 * hour - 10 * minute, proofTrouble: null } }, null],
  [
    { full: { at: now - 36 * hour - 11 * minute, proofTrouble: null } },
    /is 36 hours old; one is due every 24 hours/,
  ],
  [{ full: null, since: now - hour }, null],
  [{ full: null, since: 0 }, /No full backup was made yet, for 42 days/],
  [{ until: now - 16 * minute }, null],
  [{ until: now - 17 * minute }, /last written 17 minutes ago/],
  [{ until: null, plan: { ...plan, changes: null } }, null],
  [{ until: null, hindrance: 'the database writes its log as replica' }, /Only the moments of full backups/],
  [{ trouble: 'no room' }, /The last attempt failed: no room/],
  [{ full: { at: now, proofTrouble: 'a table is away' } }, /could not be restored: a table is away/],
])('%j', (of, words) => {
  const found = warned(of);
  if (words === null) expect(found).toEqual([]);
  else expect(found).toEqual([expect.stringMatching(words)]);
});
