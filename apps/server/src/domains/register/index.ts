/** The hospital's register (CMMS) and its comparison with the network. */
export { registerEvidence } from './evidence.ts';
export { importRegister } from './register.ts';
export { registerRoutes } from './routes.ts';
