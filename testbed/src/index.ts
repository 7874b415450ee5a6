/** The testbed's face: what it needs of a machine, and the ground truth of the recordings that it makes. */
export type { Label } from './attacks/record.ts';
export { install, type Missing, missingPrograms } from './lab/preflight.ts';
export type { GroundTruth, TruthAsset } from './ward/truth.ts';
export { groundTruthSchema, truthAssetSchema } from './ward/truth-schema.ts';
