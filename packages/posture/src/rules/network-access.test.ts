import { expect, it } from 'vitest';
import { Hospital } from '../testing/hospital.ts';

it('reports a RADIUS server whose answers can be forged, and none that guards them', () => {
  const hospital = new Hospital();
  const [open, guarded] = [hospital.add('AAA 1', 'server'), hospital.add('AAA 2', 'server')];
  hospital.sight(open, 'radius.server', { messageAuthenticator: false });
  hospital.sight(guarded, 'radius.server', { messageAuthenticator: true });
  expect(hospital.found('forgeable-radius')).toMatchObject([{ asset: 'AAA 1', harms: ['operations'] }]);
});

it('reports a device that was let in by its hardware address, and not one that was refused or proved itself', () => {
  const hospital = new Hospital();
  const [pump, monitor, laptop] = ['Pump', 'Monitor', 'Laptop'].map((name) =>
    hospital.add(name, 'workstation'),
  );
  hospital.sight(pump!, 'radius.station', { proof: 'mac-address', result: 'accepted' });
  hospital.sight(monitor!, 'radius.station', { proof: 'mac-address', result: 'refused' });
  hospital.sight(laptop!, 'radius.station', { proof: 'eap', result: 'accepted' });
  expect(hospital.found('mac-address-login')).toMatchObject([{ asset: 'Pump' }]);
});
