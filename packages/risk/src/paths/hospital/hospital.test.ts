import { describe, expect, it } from 'vitest';
import { analysePaths } from '../analyse.ts';
import { landscapeOf } from './landscape-of.ts';
import { useOf } from './weakness-openings.ts';
import type { Hospital, HospitalAsset } from './words.ts';

const asset = (id: string, vlan: number, rest: Partial<HospitalAsset> = {}): HospitalAsset => ({
  id,
  name: id,
  class: null,
  clinical: false,
  vendor: null,
  model: null,
  criticality: 'low',
  vlans: [vlan],
  services: [],
  ...rest,
});
const pump = (id: string): HospitalAsset =>
  asset(id, 20, {
    class: 'infusion-pump',
    clinical: true,
    vendor: 'Acme',
    model: 'P1',
    criticality: 'life-critical',
    services: ['tcp/80'],
  });
const weakness = (of: string, rest: Partial<Hospital['weaknesses'][number]> = {}) => ({
  asset: of,
  vulnerability: 'CVE-2026-0001',
  verdict: 'affected' as const,
  exploited: false,
  vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
  fix: 'Update to 2.0',
  ...rest,
});

/** A PC in VLAN 40 uses a server in VLAN 30, which feeds two pumps in VLAN 20. */
const hospital = (): Hospital => ({
  assets: [
    asset('pc', 40, { class: 'workstation' }),
    asset('server', 30, {
      class: 'infusion-server',
      clinical: true,
      criticality: 'high',
      services: ['tcp/445'],
    }),
    pump('pump-1'),
    pump('pump-2'),
  ],
  conversations: [
    { client: 'pc', server: 'server', service: 'tcp/445', application: 'smb' },
    { client: 'server', server: 'pump-1', service: 'tcp/80', application: 'http' },
    { client: 'server', server: 'pump-2', service: 'tcp/80', application: 'http' },
  ],
  findings: [
    {
      id: 'f-1',
      rule: 'default-credential-accepted',
      title: '',
      asset: 'server',
      service: 'tcp/445',
      harms: ['operations'],
    },
  ],
  weaknesses: [weakness('pump-1'), weakness('pump-2')],
});

const easiest = (of: Hospital) =>
  analysePaths(landscapeOf(of), 'published').targets.map(({ shown }) => shown?.difficulty ?? null);

describe('a hospital’s ways of attack', () => {
  it('lead over what was seen, with findings and weaknesses as steps', () => {
    const { targets } = analysePaths(landscapeOf(hospital()), 'published');
    expect(targets[0]?.shown?.steps.map(({ text }) => text)).toEqual([
      'pc was seen to use tcp/445 (smb) of server. server let somebody in with a password from its manual (tcp/445).',
      'server was seen to use tcp/80 (http) of pump-1. pump-1 has CVE-2026-0001.',
    ]);
    expect(targets.map(({ shown }) => shown?.difficulty)).toEqual(['published', 'published']);
  });

  it('are cut at least effort, and no conversation that was seen is cut', () => {
    const { plan } = analysePaths(landscapeOf(hospital()), 'published');
    expect(plan).toMatchObject({ before: 2, after: 0, stubborn: [] });
    expect(plan.bound).toBe(plan.effort);
    // The conversations themselves go on, so a wall alone leaves the way over them open.
    expect(plan.steps.some(({ remedy }) => remedy.kind !== 'conduit')).toBe(true);
  });

  it('count one update for every device of the model', () => {
    const patch = landscapeOf(hospital()).remedies.find(({ kind }) => kind === 'patch');
    expect(patch).toMatchObject({
      assets: 2,
      text: 'Update Acme P1 as its vendor says: mends 1 weakness on 2 devices.',
    });
  });

  it.each([
    ['exploited', { exploited: true }, 'exploited'],
    ['needs an account', { vector: 'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H' }, 'demanding'],
    ['unknown whether affected', { verdict: 'unknown' as const }, 'demanding'],
    ['nobody scored it', { vector: null }, 'demanding'],
    ['local only', { vector: 'CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }, 'undisclosed'],
    ['reads only', { vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N' }, 'undisclosed'],
    ['stops it', { vector: 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N' }, 'published'],
  ])('grade a weakness: %s', (_, rest, grade) => {
    const of = hospital();
    expect(easiest({ ...of, weaknesses: [weakness('pump-1', rest), weakness('pump-2', rest)] })).toEqual([
      grade,
      grade,
    ]);
  });

  it('begin at the internet where a service was used from outside, and at the supplier where a device calls out', () => {
    const of = hospital();
    const outside = asset('203.0.113.7', 0, { class: 'external-host', vlans: [] });
    const called = { client: outside.id, server: 'server', service: 'tcp/445', application: null };
    const calls = { client: 'pump-1', server: outside.id, service: 'tcp/443', application: 'tls' };
    const { footholds, places } = landscapeOf({
      ...of,
      assets: [...of.assets, outside],
      conversations: [...of.conversations, called, calls],
    });
    expect(footholds.map(({ kind }) => kind).sort()).toEqual(['internet', 'supplier', 'workstation']);
    expect(places.map(({ id }) => id).sort()).toEqual(['vlan-20', 'vlan-30', 'vlan-40']);
  });

  it('tell a service that is only misused apart from one that gives the machine', () => {
    const of = hospital();
    const open = (service: string) => ({
      id: 'f-2',
      rule: 'unauthenticated-service',
      title: '',
      asset: 'server',
      service,
      harms: ['patient' as const],
    });
    const ofServer = (finding: ReturnType<typeof open>) =>
      [...landscapeOf({ ...of, findings: [finding] }).openings].find(({ asset: id }) => id === 'server')
        ?.effect;
    expect(ofServer(open('tcp/104'))).toBe('harm');
    expect(ofServer(open('tcp/23'))).toBe('control');
  });

  it('read CVSS 2 as well', () => {
    expect(useOf('AV:N/AC:L/Au:N/C:P/I:P/A:P')).toEqual({ remote: true, unaided: true, effect: 'control' });
    expect(useOf('AV:A/AC:L/Au:N/C:N/I:N/A:P')).toEqual({ remote: true, unaided: false, effect: 'harm' });
    expect(useOf('nonsense')).toEqual({ remote: true, unaided: false, effect: 'control' });
  });
});
