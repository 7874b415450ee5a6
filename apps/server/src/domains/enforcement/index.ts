/** Enforcement points: which runs which version, and what has drifted apart between policy, point and traffic. */
export { AuthorisationRounds } from './authorisation/rounds.ts';
export { enforcementEvidence } from './evidence.ts';
export { readPoints } from './points.ts';
export { enforcementRoutes } from './routes.ts';
export { silenceTodo } from './silence.ts';
