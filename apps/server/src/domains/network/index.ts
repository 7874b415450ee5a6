/** Conversations and the map of them. */
export { networkEvidence } from './evidence.ts';
export { networkRoutes } from './routes.ts';
