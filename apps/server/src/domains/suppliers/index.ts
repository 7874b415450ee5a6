/** Suppliers, their agreements, and what makers state of their products. */
export { suppliersEvidence } from './evidence.ts';
export { assetsOfProduct } from './forms/product.ts';
export { loadStatements, type StatedProduct, statementFor } from './forms/statements.ts';
export { supplierRoutes } from './routes.ts';
export { loadSuppliers } from './suppliers.ts';
export { supplierTodo } from './todo.ts';
