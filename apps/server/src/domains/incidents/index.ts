/** Incidents: record, timeline, playbook, breach clocks, and containment that cannot cut care unseen. */
export { incidentsEvidence } from './evidence.ts';
export { incidentRoutes } from './routes.ts';
