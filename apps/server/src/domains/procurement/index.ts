/** Assessments before a purchase. */
export { procurementRoutes } from './routes.ts';
