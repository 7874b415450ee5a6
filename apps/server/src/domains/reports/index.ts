/** Reports to hand over: made of what is known at a moment, kept as they were made, with their place in the ledger. */
export { reportRoutes } from './routes.ts';
