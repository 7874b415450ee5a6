import { expect, it } from 'vitest';
import { exposuresOf } from './exposure.ts';
import { landscapeOf } from './hospital/landscape-of.ts';
import type { Hospital, HospitalAsset } from './hospital/words.ts';

const asset = (id: string, vlan: number, kind: string | null, services: string[] = []): HospitalAsset => ({
  id,
  name: id,
  class: kind,
  clinical: false,
  vendor: null,
  model: null,
  criticality: 'low',
  vlans: [vlan],
  services,
});
const hospital: Hospital = {
  assets: [
    asset('pc', 10, 'workstation'),
    asset('server', 20, 'server', ['tcp/445']),
    asset('pump', 30, 'infusion-pump', ['tcp/80']),
    asset('phone', 40, 'mobile'),
    asset('screen', 40, 'media-device', ['tcp/80']),
    asset('freezer', 50, 'refrigerator-monitor'),
  ],
  conversations: [
    { client: 'pc', server: 'server', service: 'tcp/445', application: 'smb' },
    { client: 'server', server: 'pump', service: 'tcp/80', application: 'http' },
  ],
  findings: [],
  weaknesses: [],
};
const gradesOf = (of: Hospital) =>
  Object.fromEntries(
    [...exposuresOf(landscapeOf(of))].map(([id, { shown, notExcluded }]) => [id, `${shown} ${notExcluded}`]),
  );

it('grades how far an attacker’s packets get, by what was seen and by what nothing excludes', () => {
  expect(gradesOf(hospital)).toMatchObject({
    // The workstation uses it; it stands in no guest’s segment.
    server: 'controlled controlled',
    // Only the server was seen to use it, and nothing gives the server away.
    pump: 'small small',
    screen: 'open open',
    freezer: 'small small',
  });
});

it('follows weaknesses of what stands between', () => {
  const weak = {
    asset: 'server',
    vulnerability: 'CVE-2026-0001',
    verdict: 'affected' as const,
    exploited: true,
    vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    fix: null,
  };
  const of = { ...hospital, weaknesses: [weak] };
  expect(gradesOf(of)).toMatchObject({ pump: 'controlled controlled', freezer: 'small small' });
  expect(exposuresOf(landscapeOf(of)).get('pump')?.because).toBe(
    'An attacker’s packets get to it over other devices, by what was seen. People work at pc: a mail or a page can take it over.',
  );
});
