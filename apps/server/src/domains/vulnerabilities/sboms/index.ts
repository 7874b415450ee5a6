/** Bills of materials of products, what is inside which product, and what became of it from version to version. */
export { keepReleaseSbom } from './add.ts';
export { matchSboms, sbomsAreDue } from './match.ts';
export { sbomRoutes } from './routes.ts';
