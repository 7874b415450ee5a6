import { describe, expect, it } from 'vitest';
import { analysePaths } from './analyse.ts';
import type { Landscape, Opening, Remedy } from './landscape.ts';

const remedy = (id: string, kind: Remedy['kind'] = 'patch', effort = 1): Remedy => ({
  id,
  kind,
  text: `Do ${id}.`,
  assets: 1,
  effort,
});

const opening = (asset: string, rest: Partial<Opening> = {}): Opening => ({
  asset,
  service: null,
  difficulty: 'published',
  effect: 'control',
  because: 'has a hole',
  evidence: `of-${asset}`,
  remedies: [],
  ...rest,
});

const asset = (id: string, place: string, services: string[] = [], target = false) => ({
  id,
  name: `the ${id}`,
  places: [place],
  services,
  target,
});

/** An office PC reads mail from the internet; a server stands between the office and the pumps. */
const ward = (): Landscape => ({
  places: [
    { id: 'office', name: 'VLAN 40' },
    { id: 'servers', name: 'VLAN 30' },
    { id: 'pumps', name: 'VLAN 20' },
  ],
  assets: [
    asset('pc', 'office'),
    asset('server', 'servers', ['tcp/445']),
    asset('pump', 'pumps', ['tcp/23', 'tcp/1234'], true),
    asset('ventilator', 'pumps', ['tcp/2000'], true),
  ],
  openings: [
    opening('server', { service: 'tcp/445', difficulty: 'exploited', remedies: ['patch-server'] }),
    opening('pump', { service: 'tcp/23', difficulty: 'open', because: 'answers Telnet to anyone' }),
    opening('ventilator', { effect: 'harm', remedies: ['patch-ventilator'] }),
  ],
  conduits: [
    {
      from: 'pumps',
      to: 'pumps',
      service: null,
      ground: 'same-segment',
      because: 'Nothing stands between.',
      remedy: null,
    },
    {
      from: 'office',
      to: 'servers',
      service: 'tcp/445',
      ground: 'observed',
      because: 'Seen.',
      remedy: 'narrow',
    },
    {
      from: 'servers',
      to: 'pumps',
      service: null,
      ground: 'not-excluded',
      because: 'Not excluded.',
      remedy: 'wall',
    },
  ],
  contacts: [
    {
      from: 'server',
      to: 'pump',
      service: 'tcp/1234',
      because: 'The server sends the pump its drug library.',
    },
  ],
  footholds: [
    { kind: 'internet', asset: 'pc', because: 'The PC reads mail from the internet.', remedies: [] },
  ],
  remedies: [
    remedy('patch-server'),
    remedy('patch-ventilator'),
    remedy('narrow', 'conduit'),
    remedy('wall', 'conduit'),
  ],
});

describe('ways of attack', () => {
  it('tells what was seen apart from what is only not excluded', () => {
    const { targets } = analysePaths(ward(), 'published');
    const [pump, ventilator] = targets;
    // Seen is the drug library only, and no weakness is known of that service.
    expect(pump?.shown?.difficulty).toBe('undisclosed');
    expect(pump?.notExcluded?.difficulty).toBe('exploited');
    expect(ventilator?.shown?.difficulty).toBe('undisclosed');
    expect(ventilator?.notExcluded?.difficulty).toBe('published');
  });

  it('tells a way step by step, each with its ground and what would stop it', () => {
    const route = analysePaths(ward(), 'published').targets[0]?.notExcluded;
    expect(route?.foothold).toEqual({
      kind: 'internet',
      because: 'The PC reads mail from the internet.',
      asset: 'pc',
      place: null,
    });
    expect(route?.steps.map(({ text }) => text)).toEqual([
      'Seen. the server has a hole.',
      'Not excluded. the pump answers Telnet to anyone.',
    ]);
    expect(route?.steps.map((step) => step.from?.id)).toEqual(['pc', 'server']);
    expect(route?.steps[0]?.remedies).toEqual(['narrow', 'patch-server']);
    expect(route?.steps[1]).toMatchObject({
      difficulty: 'open',
      evidence: 'of-pump',
      effect: 'control',
      remedies: ['wall'],
    });
    expect(route?.steps[1]?.via).toEqual({
      ground: 'not-excluded',
      service: 'tcp/23',
      from: 'servers',
      to: 'pumps',
      text: 'Not excluded.',
    });
  });

  it('names what every way runs through', () => {
    const { chokePoints } = analysePaths(ward(), 'published');
    expect(chokePoints.map(({ kind, name, targets }) => `${kind} ${name} ${targets}`)).toContain(
      'asset the server 2',
    );
    expect(chokePoints.map(({ name }) => name)).toContain('VLAN 40 → VLAN 30, tcp/445');
  });

  it('finds the one change that cuts all, and tells that none less does', () => {
    const { plan } = analysePaths(ward(), 'published');
    expect(plan.steps.map(({ remedy: { id }, freed, left }) => ({ id, freed, left }))).toHaveLength(1);
    expect(plan.steps[0]?.freed).toEqual(['pump', 'ventilator']);
    expect(plan).toMatchObject({ before: 2, after: 0, stubborn: [], effort: 1, bound: 1 });
  });

  it('takes two easy changes rather than one that is hard', () => {
    const landscape = ward();
    const costly = landscape.remedies.map((one) => ({
      ...one,
      effort: one.id === 'patch-ventilator' ? 1 : 5,
    }));
    const { plan } = analysePaths({ ...landscape, remedies: costly }, 'published');
    expect(plan.effort).toBe(5);
    const cheap = costly.map((one) => ({ ...one, effort: one.id === 'wall' ? 2 : one.effort }));
    const chosen = analysePaths({ ...landscape, remedies: cheap }, 'published').plan.steps;
    expect(chosen.map((step) => step.remedy.id)).toEqual(['wall']);
  });

  it('names those that no change takes out of reach, and still cuts the others', () => {
    const landscape = ward();
    const straight = { from: 'pc', to: 'pump', service: 'tcp/23', because: 'The PC configures the pump.' };
    const { plan } = analysePaths({ ...landscape, contacts: [straight] }, 'published');
    expect(plan.stubborn).toEqual(['pump']);
    expect(plan.after).toBe(1);
    expect(plan.steps.map(({ freed }) => freed)).toEqual([['ventilator']]);
  });

  it('says nothing is within reach where no foothold is', () => {
    const { targets, plan, chokePoints } = analysePaths({ ...ward(), footholds: [] }, 'published');
    expect(targets.every(({ shown, notExcluded }) => shown === null && notExcluded === null)).toBe(true);
    expect(plan).toEqual({ steps: [], before: 0, after: 0, stubborn: [], effort: 0, bound: 0 });
    expect(chokePoints).toEqual([]);
  });

  it('holds a target on which the attacker stands already for reached without a step', () => {
    const footholds = [
      { kind: 'supplier' as const, asset: 'pump', because: 'The supplier dials in.', remedies: [] },
    ];
    const [pump] = analysePaths({ ...ward(), footholds }, 'published').targets;
    expect(pump?.shown).toMatchObject({ steps: [], difficulty: 'open' });
  });

  it('refuses what is not in the landscape, by its name', () => {
    expect(() => analysePaths({ ...ward(), openings: [opening('nobody')] }, 'published')).toThrow(
      'no asset "nobody"',
    );
    const remedies = ward().remedies.slice(1);
    expect(() => analysePaths({ ...ward(), remedies }, 'published')).toThrow('no remedy "patch-server"');
  });
});
