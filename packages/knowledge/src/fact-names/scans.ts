import type { ScanFacts } from '@wardline/model';
import type { FactNamesOf } from './fact-names-of.ts';

export const scanFacts: FactNamesOf<ScanFacts> = {
  'scan.service': {
    scanner: true,
    basis: true,
    name: true,
    product: true,
    version: true,
    encrypted: true,
    cpes: true,
  },
  'scan.host': { scanner: true, hostname: true, os: true, accuracy: true },
  'scan.software': { scanner: true, cpe: true },
  'scan.credential': { scanner: true, check: true, way: true },
  'scan.media': { scanner: true, check: true },
};
