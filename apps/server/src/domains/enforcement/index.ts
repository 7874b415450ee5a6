/** Enforcement points: which runs which version, and what has drifted apart between policy, point and traffic. */
export { enforcementRoutes } from './routes.ts';
