import { describe, expect, it } from 'vitest';
import { allDamage, hex } from '../../testing/damage.ts';
import { runPacket } from '../../testing/harness.ts';
import { vrrp } from './index.ts';

const source = { mac: '00:00:5e:00:01:07', ip: '10.0.0.2', vlan: null };
const around = { source, target: { mac: null, ip: '224.0.0.18', vlan: null }, hopLimit: 255 };
const advertisement = hex('21 07 64 02 00 01 0000 0a000001 0a000005 5a7a6d61726b0000');

describe('vrrp', () => {
  it('states the addresses of a virtual router, and no password behind them', () => {
    const run = runPacket(vrrp, [advertisement], around);
    expect(run.sightings[0]?.facts).toEqual({
      version: 2,
      group: 7,
      priority: 100,
      addresses: ['10.0.0.1', '10.0.0.5'],
    });
  });

  it('believes nothing that crossed a router, and takes any damage', () => {
    expect(runPacket(vrrp, [advertisement], { ...around, hopLimit: 254 }).sightings).toEqual([]);
    for (const damaged of allDamage(advertisement)) runPacket(vrrp, [damaged], around);
  });
});
