/** Secrets of accounts on devices: kept sealed, taken out with a reason and for a time, changed by a person's order in its window. */

export { SecretRounds } from './rounds.ts';
export { secretRoutes } from './routes.ts';
