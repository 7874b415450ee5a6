/** Branches in one part of a search for the least choice: some seconds at the most; beyond it the bound is told. */
export const HITTING_SET_STEPS = 20_000;
/** Rounds of finding paths that a choice leaves open; each adds at least one, so a small hospital ends long before. */
export const PLAN_ROUNDS = 200;
/**
 * Paths that are kept while a plan is sought; beyond it the plan is finished without proof that it is the least. A hospital of 100,000
 * assets has some 40,000 of which no two are cut by one change.
 */
export const PLAN_PATHS = 200_000;
/** Plans with more changes than this are put in order by how many paths each cuts, not by trying every next one. */
export const ORDERED_EXACTLY = 24;
/** Choke points that are told. */
export const CHOKE_POINTS = 20;
