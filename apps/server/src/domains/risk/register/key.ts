import { createHash } from 'node:crypto';

/** One risk for each weakness or rule and each product. */
export const riskId = (kind: string, source: string, product: string): string =>
  `r-${createHash('sha256').update(`${kind}\n${source}\n${product}`).digest('hex').slice(0, 16)}`;
