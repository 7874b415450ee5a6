/** Devices from purchase to disposal. */
export { lifecycleEvidence } from './evidence.ts';
export { lifecycleOf } from './lifecycle.ts';
export { lifecycleRoutes } from './routes.ts';
export { lifecycleTodo } from './todo.ts';
