import type { BuildingFacts } from '@wardline/model';
import type { FactNamesOf } from './fact-names-of.ts';

export const buildingFacts: FactNamesOf<BuildingFacts> = {
  'modbus.use': { role: true, unit: true, function: true, access: true },
  'modbus.exception': { unit: true, function: true, exception: true },
  'modbus.identification': {
    unit: true,
    vendor: true,
    productCode: true,
    revision: true,
    vendorUrl: true,
    productName: true,
    model: true,
    application: true,
  },
};
