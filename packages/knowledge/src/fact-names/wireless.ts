import type { WirelessFacts } from '@wardline/model';
import type { FactNamesOf } from './fact-names-of.ts';

export const wirelessFacts: FactNamesOf<WirelessFacts> = {};
