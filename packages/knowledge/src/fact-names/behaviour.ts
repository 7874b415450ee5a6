import type { BehaviourFacts } from '@wardline/model';
import type { FactNamesOf } from './fact-names-of.ts';

export const behaviourFacts: FactNamesOf<BehaviourFacts> = {
  'arp.search': { range: true },
  'dns.query': { zone: true, type: true },
  'dns.failure': { code: true },
  'name.answer': { protocol: true },
  'smb.use': { operation: true },
  'login.outcome': { protocol: true, outcome: true },
  'http.refusal': { status: true },
  'clock.offset': { source: true, seconds: true },
};
