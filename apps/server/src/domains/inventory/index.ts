/** Assets: what was observed of them, what persons approved, and which endpoints they are. */
export { assetDetail } from './detail.ts';
export { inventoryEvidence } from './evidence.ts';
export { assetPeers } from './peers.ts';
export { severityCounts } from './plan.ts';
export { inventoryRoutes } from './routes.ts';
export { assetTimeline } from './timeline.ts';
