/** People and programs: who they are, what they may do, and for how long. */

export { Authorisation, type Scope } from './authorisation/authorisation.ts';
export { authorise, keepWithinScope } from './authorisation/hook.ts';
export { assetIdWithin, assetsWithin } from './authorisation/scope.ts';
export { breakGlassRoutes } from './break-glass/routes.ts';
export { elevationRoutes } from './elevation/routes.ts';
export { accessEvidence } from './evidence.ts';
export { watchExpiry } from './expiry.ts';
export { grantRoutes } from './grant-routes.ts';
export { dropLinks, makeLink } from './one-time-link.ts';
export { permittedRoute } from './permitted.ts';
export { nobody, type Principal } from './principal.ts';
export { provisioningRoutes } from './scim/mapping-routes.ts';
export { scimRoutes } from './scim/routes.ts';
export { accountRoutes } from './sign-in/account-routes.ts';
export { Attempts } from './sign-in/attempts.ts';
export { OpenId } from './sign-in/openid.ts';
export { openIdRoutes } from './sign-in/openid-routes.ts';
export { peopleRoutes } from './sign-in/people-routes.ts';
export { sessionRoutes } from './sign-in/session-routes.ts';
export { administratorCanSignIn } from './sign-in/store.ts';
export { findToken, tokenRoutes } from './sign-in/token-routes.ts';
export { accessTodo } from './todo.ts';
export { whoAsks } from './who-asks.ts';
