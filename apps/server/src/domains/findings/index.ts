/** Judgements about assets that rest on facts. */
export { findingRoutes } from './routes.ts';
