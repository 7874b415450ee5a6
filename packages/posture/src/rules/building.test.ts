import { beforeEach, expect, it } from 'vitest';
import { Hospital } from '../testing/hospital.ts';

let hospital: Hospital;
beforeEach(() => {
  hospital = new Hospital();
});

it('reports a controller that lets anybody write over Modbus', () => {
  const [controller, desk] = [
    hospital.add('Air handler', 'building-controller'),
    hospital.add('Desk', 'workstation'),
  ];
  const facts = { protocol: 'modbus', operation: 'write-single-coil' };
  hospital.sight(controller, 'service.unauthenticated', facts, desk, 502);
  expect(hospital.found('unauthenticated-service')).toMatchObject([
    {
      asset: 'Air handler',
      summary: expect.stringContaining('served Desk over Modbus without a login: write-single-coil.'),
    },
  ]);
});
