import { expect, test } from 'vitest';
import { runStream } from '../../testing/harness.ts';
import { embeddedMac } from './embedded-mac.ts';
import { hl7 } from './index.ts';

test.each([
  ['0009FBFFFE2A0031', 'EUI-64', '00:09:fb:2a:00:31'],
  ['00-09-fb-ff-fe-2a-00-31', 'EUI64', '00:09:fb:2a:00:31'],
  ['0009FB00002A0031', 'EUI-64', null],
  ['0009FBFFFE2A0031', 'ISO', null],
  ['0109FBFFFE2A0031', 'EUI-64', null],
  ['000000FFFE000000', 'EUI-64', null],
  ['0009FBFFFE2A00', 'EUI-64', null],
  [undefined, 'EUI-64', null],
])('%s of type %s embeds %s', (id, type, mac) => expect(embeddedMac(id, type)).toBe(mac));

test('a device whose EUI-64 embeds a hardware address is stated of that address, with who named it', () => {
  const message =
    '\x0bMSH|^~\\&|GW|ICU|EHR|H|2026||ORU^R01|1|P|2.6\rPRT|1|AD||EQUIP||||||SN-7^Philips^0009FBFFFE2A0031^EUI-64\r\x1c\r';
  const { sightings } = runStream(hl7, [['client', message]]);
  const named = sightings.filter((s) => s.kind === 'hl7.device' && s.subject.mac === '00:09:fb:2a:00:31');
  expect(named).toMatchObject([
    { subject: { ip: null, vlan: null }, peer: { ip: expect.any(String) }, facts: { identifier: 'SN-7' } },
  ]);
  expect(sightings.filter((s) => s.kind === 'hl7.device')).toHaveLength(2);
});
