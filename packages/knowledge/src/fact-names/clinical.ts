import type { ClinicalFacts } from '@wardline/model';
import type { FactNamesOf } from './fact-names-of.ts';

export const clinicalFacts: FactNamesOf<ClinicalFacts> = {
  'astm.endpoint': {
    role: true,
    senderName: true,
    senderParts: true,
    software: true,
    serial: true,
    processing: true,
    version: true,
    instruments: true,
    recordTypes: true,
  },
};
