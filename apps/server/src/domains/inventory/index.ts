/** Assets: what was observed of them, what persons approved, and which endpoints they are. */
export { inventoryEvidence } from './evidence.ts';
export { severityCounts } from './plan.ts';
export { inventoryRoutes } from './routes.ts';
