import type { ClinicalFacts } from '@wardline/model';
import type { FactNamesOf } from './fact-names-of.ts';

export const clinicalFacts: FactNamesOf<ClinicalFacts> = {};
