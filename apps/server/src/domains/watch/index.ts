/** Watching: what sensors send becomes alerts and stories, on which people decide. */
export { type AlertRevision, alertsAfter, numbersKept } from './alerts.ts';
export { watchEvidence } from './evidence.ts';
export { layIn, packBatch } from './inbox.ts';
export { LearntDesk } from './learnt-desk.ts';
export { WatchRounds } from './rounds.ts';
export { alertRoutes } from './routes.ts';
export { watchTodo } from './todo.ts';
