import type { AccessFacts } from '@wardline/model';
import type { FactNamesOf } from './fact-names-of.ts';

export const accessFacts: FactNamesOf<AccessFacts> = {};
