/** Every act in one transaction with its change, and the proof that none was altered. */
export { Heads, ledgerSigner } from './head.ts';
export { ledgerRoutes } from './routes.ts';
export { takeOldActsIn } from './take-in.ts';
