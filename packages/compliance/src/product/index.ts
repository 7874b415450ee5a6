/** A manufacturer's product: section 524B line by line, and how soon weaknesses are patched, from what is held. */
export { productCatalogue, productChecklist } from './checklist.ts';
export { clockedWeakness, type KnownWeakness, timelinessOf } from './clocks.ts';
export type { ProductFacts } from './rules.ts';
