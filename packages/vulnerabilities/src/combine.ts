import type { Match } from './match.ts';

/** One answer for an asset and a weakness out of several advisories. */
export interface CombinedMatch extends Match {
  /** The others that speak of it, newest first. */
  others: readonly { advisory: string; issuer: string; verdict: Match['verdict'] }[];
}

/**
 * Per issuer the latest word counts; between issuers harm outweighs, and unknown counts less than a decided answer. What the maker says
 * of the device as a whole stands over what is said of its parts anywhere.
 */
export function combine(matches: readonly Match[]): CombinedMatch[] {
  const groups = Map.groupBy(matches, (match) => `${match.asset}\n${match.vulnerability}`);
  return [...groups.values()].map((group) => {
    const told = group.some(({ byMaker }) => byMaker === true);
    const counted = told ? group.filter(({ component }) => component === undefined) : group;
    const latest = [...Map.groupBy(counted, (match) => match.issuer).values()].map(newest);
    const chosen = latest.reduce((best, match) => (rank(match) > rank(best) ? match : best));
    const others = group
      .filter((match) => match !== chosen)
      .sort((a, b) => b.at - a.at)
      .map(({ advisory, issuer, verdict }) => ({ advisory, issuer, verdict }));
    return { ...chosen, others };
  });
}

const newest = (matches: readonly Match[]): Match =>
  matches.reduce((best, match) =>
    match.at > best.at || (match.at === best.at && rank(match) > rank(best)) ? match : best,
  );

const ranks = { affected: 2, 'not-affected': 1, unknown: 0 } as const;
const rank = ({ verdict, confidence }: Match): number => ranks[verdict] + confidence / 2;
