/** Conversations and the map of them. */
export { networkRoutes } from './routes.ts';
