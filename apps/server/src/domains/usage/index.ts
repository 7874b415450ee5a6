/** When devices are in use, as protocols of care show it. */
export { UsageRounds } from './rounds.ts';
export { usageRoutes } from './routes.ts';
