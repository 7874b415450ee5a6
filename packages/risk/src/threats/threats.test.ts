import { loadKnowledge } from '@wardline/knowledge';
import type { AssetExposure } from '@wardline/model';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  deviceThreats,
  flowThreats,
  gravestFirst,
  type ThreatAnswer,
  type ThreatFlow,
  type ThreatGround,
  type ThreatSubject,
} from './index.ts';

const knowledge = loadKnowledge();
const AT = 1_000;
const pump = (own: Partial<ThreatSubject> = {}): ThreatSubject => ({
  deviceClass: 'infusion-pump',
  dataSensitivity: 'possible-phi',
  hazards: knowledge.hazards.of('infusion-pump'),
  services: [{ transport: 'tcp', port: 3613, application: null }],
  facts: new Set(),
  exposure: null,
  grounds: [],
  answers: [],
  ...own,
});
const flow = (own: Partial<ThreatFlow> = {}): ThreatFlow => ({
  application: 'hl7',
  protections: ['clear'],
  exposure: null,
  grounds: [],
  answers: [],
  hazards: knowledge.hazards.of('ehr'),
  ...own,
});
const ground = (source: string, own: Partial<ThreatGround> = {}): ThreatGround => ({
  kind: 'finding',
  source,
  title: 'Something was seen',
  risk: 'r-1',
  presence: 'affected',
  since: 500,
  isCompensated: false,
  ...own,
});
const answer = (threat: string, at: number | null, until = 2_000): ThreatAnswer => ({
  id: 'a',
  threat,
  text: 'A lock on the port',
  verification: at === null ? null : { evidence: 'tried it', at, until },
});
const exposed = (notExcluded: AssetExposure['notExcluded']): AssetExposure => ({
  shown: 'small',
  notExcluded,
  because: 'x',
});

const of = (subject: ThreatSubject, id: string) =>
  deviceThreats(subject, knowledge, AT).threats.find(({ threat }) => threat.id === id);
const ofFlow = (one: ThreatFlow, id: string) =>
  flowThreats(one, knowledge, AT).threats.find(({ threat }) => threat.id === id);

describe('a threat to a device', () => {
  it('is unknown where nothing was seen of it and nobody verified anything', () => {
    const found = of(pump(), 'therapy-changed');
    expect(found).toMatchObject({ standing: 'unknown', isOnlyPossible: false, severity: 'catastrophic' });
    expect(found?.because).toEqual([
      'It offers tcp/3613.',
      'Nothing shows that it was done, and no control against it is verified.',
    ]);
    expect(of(pump(), 'drive-infected')).toMatchObject({ standing: 'unknown', isOnlyPossible: true });
  });

  it('is open where a finding shows it, and names the finding and its risk', () => {
    const found = of(
      pump({ grounds: [ground('unauthenticated-service'), ground('unauthenticated-service')] }),
      'therapy-changed',
    );
    expect(found).toMatchObject({
      standing: 'open',
      because: ['Found: Something was seen.'],
      grounds: [{ risk: 'r-1' }, { risk: 'r-1' }],
    });
  });

  it('is open by a weakness that it has, and unknown by one that it may have', () => {
    const weak = (presence: 'affected' | 'unknown') =>
      of(pump({ grounds: [ground('CVE-1', { kind: 'weakness', presence })] }), 'weakness-exploited');
    expect(weak('affected')).toMatchObject({ standing: 'open', because: ['CVE-1: Something was seen.'] });
    expect(weak('unknown')?.standing).toBe('unknown');
  });

  it('is mitigated by a control that somebody verified, until that runs out', () => {
    const answered = (at: number | null, until?: number) =>
      of(
        pump({
          grounds: [ground('unauthenticated-service')],
          answers: [answer('therapy-changed', at, until)],
        }),
        'therapy-changed',
      )?.standing;
    expect([answered(600), answered(null), answered(600, AT), answered(AT + 1)]).toEqual([
      'mitigated',
      'open',
      'open',
      'open',
    ]);
  });

  it('is open again by what came to light after somebody looked', () => {
    const late = pump({
      grounds: [ground('unauthenticated-service', { since: 700 })],
      answers: [answer('therapy-changed', 600)],
    });
    expect(of(late, 'therapy-changed')?.standing).toBe('open');
  });

  it('is mitigated where the controls on all its risks are verified, and not where one is left', () => {
    const compensated = ground('unauthenticated-service', { isCompensated: true });
    const standing = (grounds: ThreatGround[]) => of(pump({ grounds }), 'therapy-changed')?.standing;
    expect(standing([compensated])).toBe('mitigated');
    expect(standing([compensated, ground('life-critical-reachable')])).toBe('open');
  });

  it('is mitigated by reach only where nothing else is left open by what is not excluded', () => {
    const standing = (exposure: AssetExposure) => of(pump({ exposure }), 'therapy-changed')?.standing;
    expect([exposed('small'), exposed('controlled'), exposed('open')].map(standing)).toEqual([
      'mitigated',
      'unknown',
      'unknown',
    ]);
  });

  it('is ruled out where a scan looked and found nothing, unless something was seen', () => {
    const scanned = pump({ facts: new Set(['scan.host']) });
    const { ruledOut } = deviceThreats(scanned, knowledge, AT);
    expect(ruledOut.map(({ threat }) => threat.id)).toContain('debugger-used');
    expect(of(scanned, 'therapy-changed')).toBeDefined();
    const seen = { ...scanned, grounds: [ground('debug-interface-open')] };
    expect(of(seen, 'debugger-used')?.standing).toBe('open');
  });

  it('is told for what an unknown device may be, without a harm that nobody knows', () => {
    const { threats } = deviceThreats(pump({ deviceClass: null, hazards: null }), knowledge, AT);
    expect(threats.length).toBeGreaterThan(5);
    expect(threats.every(({ severity }) => severity === null)).toBe(true);
  });
});

describe('a threat to a data flow', () => {
  it('is open in clear, unknown where nobody sees, and mitigated by encryption wherever it was seen', () => {
    const standing = (...protections: string[]) => ofFlow(flow({ protections }), 'flow-altered')?.standing;
    expect(standing('clear')).toBe('open');
    expect(standing('tls1.0')).toBe('open');
    expect(standing('tls1.2', 'clear')).toBe('open');
    expect(standing('unknown')).toBe('unknown');
    expect(standing('tls1.3', 'unknown')).toBe('unknown');
    expect(standing('tls1.3')).toBe('mitigated');
    expect(standing()).toBe('unknown');
  });

  it('is not taken for answered by encryption where the other side has to prove who it is', () => {
    expect(ofFlow(flow({ protections: ['tls1.3'] }), 'flow-forged')?.standing).toBe('unknown');
  });

  it('is none where the protocol carries nothing of the kind, and possible within TLS', () => {
    expect(ofFlow(flow({ application: 'ntp' }), 'flow-altered')).toBeUndefined();
    expect(ofFlow(flow({ application: 'tls', protections: ['tls1.3'] }), 'flow-altered')).toMatchObject({
      isOnlyPossible: true,
      standing: 'mitigated',
    });
    expect(ofFlow(flow({ application: null, protections: ['unknown'] }), 'flow-overheard')).toMatchObject({
      isOnlyPossible: true,
      standing: 'unknown',
    });
  });
});

it('never gets better by one more finding or weakness, and never worse by one more verified control', () => {
  const rules = [...knowledge.findingRules.keys()];
  const grounds = fc.array(
    fc
      .record({
        rule: fc.constantFrom(...rules, 'CVE-1'),
        presence: fc.constantFrom('affected' as const, 'unknown' as const),
        since: fc.integer({ min: 0, max: AT }),
        isCompensated: fc.boolean(),
      })
      .map(({ rule, ...rest }) => ground(rule, { ...rest, kind: rule === 'CVE-1' ? 'weakness' : 'finding' })),
    { maxLength: 6 },
  );
  const answers = fc.array(
    fc
      .tuple(fc.constantFrom(...knowledge.threats.all.keys()), fc.integer({ min: 0, max: AT }))
      .map(([threat, at]) => answer(threat, at)),
    { maxLength: 6 },
  );
  const rank = { mitigated: 0, unknown: 1, open: 2 };
  fc.assert(
    fc.property(
      fc.constantFrom(...knowledge.taxonomy.classes.keys()),
      grounds,
      answers,
      (deviceClass, some, said) => {
        const [extra, ...rest] = some;
        const plain = extra === undefined ? [] : [{ ...extra, isCompensated: false }];
        const bare = pump({ deviceClass, grounds: rest, answers: said.slice(1) });
        const before = deviceThreats(bare, knowledge, AT).threats;
        const worse = deviceThreats({ ...bare, grounds: [...plain, ...rest] }, knowledge, AT).threats;
        const better = deviceThreats({ ...bare, answers: said }, knowledge, AT).threats;
        for (const { threat, standing } of before) {
          const standsIn = (list: typeof before) => list.find((one) => one.threat.id === threat.id)!;
          expect(rank[standsIn(worse).standing]).toBeGreaterThanOrEqual(rank[standing]);
          expect(rank[standsIn(better).standing]).toBeLessThanOrEqual(rank[standing]);
        }
        const sorted = worse.toSorted(gravestFirst);
        expect(sorted.toReversed().toSorted(gravestFirst)).toEqual(sorted);
      },
    ),
    { numRuns: 150 },
  );
});
