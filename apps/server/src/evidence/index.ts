/** What every domain tells of itself, for whoever judges whether what is asked for is the case. */
export { countAssets, factOf, type Gatherer, lastHeard, MEMBERS_TOLD, platformFails } from './fact.ts';
