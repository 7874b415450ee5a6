/** Watching: what sensors send becomes alerts and stories, on which people decide. */
export { type AlertRevision, alertsAfter, numbersKept } from './alerts.ts';
export { LearntDesk } from './behaviour/learnt-desk.ts';
export { watchEvidence } from './evidence.ts';
export { layIn, packBatch } from './inbox.ts';
export { WatchRounds } from './rounds.ts';
export { alertRoutes } from './routes.ts';
export { watchTodo } from './todo.ts';
