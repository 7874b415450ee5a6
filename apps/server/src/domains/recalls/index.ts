/** Recalls and field safety notices, and which devices they are about. */
export { matchDevices, RecallRounds } from './match.ts';
export { recallRoutes } from './routes.ts';
export { recallTodo } from './todo.ts';
