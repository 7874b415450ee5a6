/** Is this asset affected by that weakness? Affected, not affected or unknown, with reason and confidence. */
export type { MatchedAsset } from './asset.ts';
export { advisoryKeys, assetKeys, Candidates } from './candidates.ts';
export { type CombinedMatch, combine } from './combine.ts';
export { outcomesOf, type TableOutcome } from './decide.ts';
export { type Match, matchAdvisory, type Verdict } from './match.ts';
export { chosenSbom, deviceMatch, type ListedSbom } from './parts/device.ts';
export { type OwnStatements, ownMatches, type PartFinding, partFindings } from './parts/findings.ts';
export { matchParts, type Part, type PartMatch, partKeys } from './parts/parts.ts';
export { isProduct, type NamedProduct } from './parts/product.ts';
export { versOfNative } from './vers/native.ts';
export { normaliseVers, printVers, readVers, type Vers, versContains } from './vers/vers.ts';
