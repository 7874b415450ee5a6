import type { BuildingFacts } from '@wardline/model';
import type { FactNamesOf } from './fact-names-of.ts';

export const buildingFacts: FactNamesOf<BuildingFacts> = {};
