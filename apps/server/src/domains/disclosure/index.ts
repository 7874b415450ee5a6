/** Reports of weaknesses that somebody has told the hospital. */

export { loadDisclosures } from './reports.ts';
export { disclosureRoutes } from './routes.ts';
export { disclosureTodo } from './todo.ts';
