/** The first screen and the platform's own record. */
export { overviewRoutes } from './routes.ts';
