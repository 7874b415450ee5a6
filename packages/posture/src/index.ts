/** Facts become findings. Judgement only: it reads no packet and asks no clock. */
export { type ListedPort, listedPorts } from './claims/ports.ts';
export type { Statement, StatementOf } from './claims/statement.ts';
export { createContext, type JudgementContext } from './context.ts';
export type { AssetFacts } from './facts.ts';
export { hardeningOf } from './hardening/questions.ts';
export { judge, judgeAsset, mostSevereFirst, type Observed } from './judge.ts';
export { judgeNetwork } from './network.ts';
export {
  type Certainty,
  certainties,
  fitOfProduct,
  matchOfUnit,
  modelWords,
  type ProductFit,
  type RecalledProduct,
} from './recalls/match.ts';
export { type SupplicantEvidence, supplicantReadiness } from './supplicant/readiness.ts';
