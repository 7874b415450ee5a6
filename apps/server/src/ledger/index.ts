/** Every act in one transaction with its change, and the proof that none was altered. */

export { auditSource } from './audit/source.ts';
export { Delivery } from './collector/delivery.ts';
export { ledgerEvidence } from './evidence.ts';
export { Heads, ledgerSigner, wasSigned } from './head.ts';
export { includedAct } from './inclusion.ts';
export { ledgerRoutes } from './routes.ts';
export { takeOldActsIn } from './take-in.ts';
export { WitnessRounds } from './witnessing/rounds.ts';
