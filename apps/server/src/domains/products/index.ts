/** Products that somebody here answers for as their manufacturer: threats, parts, weaknesses with clocks, and section 524B. */
export { productFile } from './file.ts';
export { productRoutes } from './routes.ts';
