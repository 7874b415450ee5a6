/** The testbed's face: the ground truth of the recordings that it makes. */
export type { GroundTruth, TruthAsset } from './ward/truth.ts';
export { groundTruthSchema, truthAssetSchema } from './ward/truth-schema.ts';
