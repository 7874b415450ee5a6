/** People and programs: who they are, what they may do, and for how long. */
export { OneTimeLink } from './one-time-link.ts';
export { nobody, type Principal } from './principal.ts';
export { COOKIE, sessionRoutes } from './session-routes.ts';
export { whoAsks } from './who-asks.ts';
