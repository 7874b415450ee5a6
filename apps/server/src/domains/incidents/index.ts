/** Incidents: record, timeline, playbook, breach clocks, and containment that cannot cut care unseen. */
export { openIncident } from './acts.ts';
export { incidentDetail } from './detail.ts';
export { incidentsEvidence } from './evidence.ts';
export { addEntry as addIncidentEntry } from './records.ts';
export { incidentRoutes } from './routes.ts';
