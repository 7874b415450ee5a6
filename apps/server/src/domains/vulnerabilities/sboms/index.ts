/** Bills of materials of products, what is inside which product, and what became of it from version to version. */
export { sbomRoutes } from './routes.ts';
