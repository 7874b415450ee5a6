/** Facts become findings. Judgement only: it reads no packet and asks no clock. */
export { createContext, type JudgementContext } from './context.ts';
export type { AssetFacts } from './facts.ts';
export { hardeningOf } from './hardening/questions.ts';
export { judge, judgeAsset, mostSevereFirst, type Observed } from './judge.ts';
export { judgeNetwork } from './network.ts';
