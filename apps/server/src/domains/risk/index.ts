/** Ways of attack to what patients' lives hang on. */
export { attackPathRoutes } from './paths/routes.ts';
