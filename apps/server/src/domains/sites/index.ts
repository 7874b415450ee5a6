/** Sites: places with a network of their own, their names and time zones. */
export { siteRoutes } from './routes.ts';
export { knownSite, siteNames } from './sites.ts';
