/** Controls judged by evidence: what was asked and came back in, the status of every control with its derivation out. */
export { answerOf } from './answer.ts';
export { digestOfState, digestsOfKnowledge, orderedText } from './digest.ts';
export { judge } from './judge.ts';
export { countKinds, type EvidenceKind, evidenceKindOf, evidenceKinds, type KindCount } from './kinds.ts';
export { type OscalModel, type OscalSubject, oscalDocument, oscalModels } from './oscal/index.ts';
export {
  clockedWeakness,
  type KnownWeakness,
  type ProductFacts,
  productCatalogue,
  productChecklist,
  timelinessOf,
} from './product/index.ts';
export { type Difference, type Replay, replay } from './replay.ts';
