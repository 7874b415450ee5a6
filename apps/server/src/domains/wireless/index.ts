/** The air: which networks were heard, and which access points are the house's own. */
export { approvedAccessPoints } from './approved.ts';
export { wirelessRoutes } from './routes.ts';
