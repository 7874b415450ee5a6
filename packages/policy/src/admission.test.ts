import { describe, expect, it } from 'vitest';
import { type Admissible, type AdmissionPlan, Admitting, hardwareAddress } from './admission.ts';

const plan: AdmissionPlan = {
  zones: [
    { zone: 'monitors', vlan: 20, role: 'clinical', accept: ['certificate'], whenAway: 'closed' },
    { zone: 'printers', vlan: 40, role: null, accept: ['address'], whenAway: 'open' },
    { zone: 'carts', vlan: 41, role: null, accept: ['address', 'certificate'], whenAway: 'last' },
  ],
  strangers: null,
  apart: { vlan: 666, role: null },
};
const device = (id: string, mac: string, criticality: string, heldApart = false): Admissible => ({
  id,
  name: id,
  ips: [],
  macs: [mac],
  heldApart,
  attributes: { criticality: [criticality], hostname: [`${id}.example`] },
});
const devices = [
  device('mon', '00:00:00:00:00:01', 'life-critical', true),
  device('print', '00:00:00:00:00:02', 'non-medical'),
  device('cart', '00:00:00:00:00:03', 'medium'),
  device('lost', '00:00:00:00:00:04', 'medium'),
  device('ill', '00:00:00:00:00:05', 'medium', true),
];
const zones = [
  { name: 'monitors', members: ['mon'] },
  { name: 'printers', members: ['print', 'ill'] },
  { name: 'carts', members: ['cart', 'print'] },
];
const admitting = new Admitting(plan, zones, devices);
const ask = (number: number, method: 'certificate' | 'address', name: string | null = null) =>
  admitting.decide({ mac: `00:00:00:00:00:0${number}`, method, name });

describe('a device at a port', () => {
  it('gets the VLAN of its first zone, by what the zone takes', () => {
    expect(ask(2, 'address')).toMatchObject({ verdict: 'accept', zone: 'printers', vlan: 40 });
    expect(ask(2, 'certificate', 'print')).toMatchObject({
      verdict: 'refuse',
      because: 'the zone takes no certificate',
    });
    expect(ask(1, 'address')).toMatchObject({ verdict: 'refuse' });
    expect(ask(4, 'address')).toMatchObject({
      verdict: 'refuse',
      because: 'it is in no zone that the plan admits',
    });
  });

  it('is refused with the certificate of another, and unknown', () => {
    expect(ask(1, 'certificate', 'mon.example')).toMatchObject({
      verdict: 'accept',
      vlan: 20,
      role: 'clinical',
    });
    expect(ask(1, 'certificate', 'cart')).toMatchObject({
      verdict: 'refuse',
      because: "the certificate is cart's",
    });
    expect(ask(1, 'certificate')).toMatchObject({ verdict: 'refuse' });
    expect(ask(9, 'address')).toMatchObject({ verdict: 'refuse', asset: null });
    const open = new Admitting({ ...plan, strangers: { vlan: 999, role: null } }, zones, devices);
    expect(open.decide({ mac: '00:00:00:00:00:09', method: 'address', name: null })).toMatchObject({
      vlan: 999,
    });
  });

  it('is held apart, unless a life depends on it', () => {
    expect(ask(5, 'address')).toMatchObject({ verdict: 'accept', vlan: 666, because: 'it is held apart' });
    expect(ask(1, 'certificate', 'mon')).toMatchObject({ verdict: 'accept', vlan: 20 });
  });

  it('while nobody can be asked: keeps its last answer where a life depends on it, else as its zone says', () => {
    const mac = (number: number) => `00:00:00:00:00:0${number}`;
    const answered = (number: number, method: 'certificate' | 'address', name: string | null = null) => ({
      admission: ask(number, method, name),
      asking: { mac: mac(number), method, name },
    });
    const last = answered(1, 'certificate', 'mon');
    expect(admitting.whenAway(mac(1), devices[0]!, last)).toEqual([last]);
    expect(admitting.whenAway(mac(1), devices[0]!, null)).toEqual([]);
    expect(admitting.whenAway(mac(1), devices[0]!, answered(1, 'address'))).toEqual([]);
    expect(admitting.whenAway(mac(2), devices[1]!, null)).toMatchObject([
      { admission: { vlan: 40 }, asking: { mac: mac(2), method: 'address', name: null } },
    ]);
    expect(admitting.whenAway(mac(3), devices[2]!, answered(3, 'address'))).toMatchObject([
      { admission: { vlan: 41 } },
    ]);
    expect(admitting.whenAway(mac(3), devices[2]!, null)).toEqual([]);
    expect(admitting.whenAway(mac(5), devices[4]!, null)).toMatchObject([{ admission: { vlan: 666 } }]);
    const zonesNow = (whenAway: 'open' | 'closed') => ({ ...plan, zones: [{ ...plan.zones[2]!, whenAway }] });
    const closed = new Admitting(zonesNow('closed'), zones, devices);
    expect(closed.whenAway(mac(3), devices[2]!, answered(3, 'address'))).toEqual([]);
    const open = new Admitting(zonesNow('open'), zones, devices).whenAway(mac(3), devices[2]!, null);
    expect(open.map(({ asking }) => asking.name)).toEqual([null, 'cart', 'cart', 'cart.example']);
  });
});

it('reads hardware addresses as switches write them, and nothing else', () => {
  for (const text of ['00:09:FB:92:10:11', '00-09-fb-92-10-11', '0009.fb92.1011', '0009FB921011'])
    expect(hardwareAddress(text)).toBe('00:09:fb:92:10:11');
  for (const text of ['', '../../etc/passwd', '00:09:fb:92:10', '00:09:fb:92:10:1g', '00:09:fb:92:10:11:12'])
    expect(hardwareAddress(text)).toBeNull();
});
