/** Incidents: record, timeline, playbook, breach clocks, and containment that cannot cut care unseen. */
export { incidentRoutes } from './routes.ts';
