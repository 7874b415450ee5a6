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

it('reports speech in clear, and none where it is encrypted', () => {
  const [phone, server] = [hospital.add('Phone 4', 'voip-phone'), hospital.add('PBX', 'server')];
  const media = { media: 'audio' as const, codecs: ['PCMA'] };
  hospital.sight(phone, 'sip.media', { ...media, keying: 'none' }, server, 5060);
  hospital.sight(server, 'sip.media', { ...media, keying: 'dtls' }, phone, 5060);
  expect(hospital.found('voice-in-clear')).toMatchObject([
    { asset: 'Phone 4', summary: expect.stringContaining('agreed on calls with PBX without encryption') },
  ]);
});
