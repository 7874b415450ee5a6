/** People and programs: who they are, what they may do, and for how long. */
export { Authorisation, type Scope } from './authorisation/authorisation.ts';
export { authorise, keepWithinScope } from './authorisation/hook.ts';
export { PolicyFault } from './authorisation/policy-files.ts';
export { assetIdWithin, assetsWithin } from './authorisation/scope.ts';
export { grantRoutes } from './grant-routes.ts';
export { OneTimeLink } from './one-time-link.ts';
export { nobody, type Principal } from './principal.ts';
export { COOKIE, sessionRoutes } from './session-routes.ts';
export { whoAsks } from './who-asks.ts';
