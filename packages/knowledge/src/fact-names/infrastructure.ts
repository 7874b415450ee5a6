import type { InfrastructureFacts } from '@wardline/model';
import type { FactNamesOf } from './fact-names-of.ts';

export const infrastructureFacts: FactNamesOf<InfrastructureFacts> = {
  'network.tunnel': { tunnel: true, identifier: true },
};
