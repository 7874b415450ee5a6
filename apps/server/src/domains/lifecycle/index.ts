/** Devices from purchase to disposal. */
export { lifecycleRoutes } from './routes.ts';
export { lifecycleTodo } from './todo.ts';
