import { Controls } from '@wardline/knowledge';
import type { Attestation, ComplianceState, ControlDecision, EvidenceFact } from '@wardline/model';
import { describe, expect, it } from 'vitest';
import { judge } from './judge.ts';

const DAY = 86_400_000_000;
const AT = 1000 * DAY;
const query = (id: string, whole: string[], part: string[] = [], days = 3) =>
  ({
    id,
    title: id,
    asks: id,
    domain: 'findings',
    days,
    harms: ['privacy'],
    remedy: 'mend it',
    whole,
    part,
  }) as const;
const control = (id: string, more: object = {}) => ({ id, title: id, group: 'g', ...more });
const controls = new Controls(
  [
    {
      id: 'c',
      title: 'C',
      edition: '1',
      publisher: 'p',
      standing: 'in force',
      licence: 'l',
      groups: [{ id: 'g', title: 'G', kind: 'technical' }],
      controls: [
        control('standard'),
        control('both', { parent: 'standard', obligation: 'required' }),
        control('some', { parent: 'standard', obligation: 'addressable' }),
        control('silent'),
      ],
    },
  ],
  [query('t.first', ['c:both']), query('t.second', [], ['c:both', 'c:some'])].map((one) => ({
    ...one,
    harms: [...one.harms],
  })),
);
const fact = (id: string, more: Partial<EvidenceFact> = {}): EvidenceFact => ({
  query: id,
  asOf: AT - DAY,
  population: 4,
  failing: 0,
  undetermined: 0,
  holdsOfNone: false,
  hindrance: null,
  members: [],
  ...more,
});
const attestation = (of: string, more: Partial<Attestation> = {}): Attestation => ({
  id: `a-${of}`,
  control: of,
  statement: 'so it is',
  owner: 'person:1',
  by: 'person:1',
  document: { name: 'Plan 7', sha256: '0'.repeat(64) },
  since: AT - 10 * DAY,
  until: AT + DAY,
  ...more,
});
const decision = (
  of: string,
  kind: ControlDecision['decision'],
  more: Partial<ControlDecision> = {},
): ControlDecision => ({
  id: `d-${of}`,
  control: of,
  decision: kind,
  rationale: 'the ward is locked',
  alternative: kind === 'alternative' ? 'a lock' : null,
  by: 'person:2',
  since: AT - DAY,
  until: AT + DAY,
  ...more,
});
const judged = (of: string, state: Partial<ComplianceState>) =>
  judge(controls, { at: AT, facts: [], attestations: [], decisions: [], ...state }).get(of)!;
const all = [fact('t.first'), fact('t.second')];

describe('a control that evidence answers', () => {
  it('is met where all of it holds', () => {
    expect(judged('c:both', { facts: all })).toMatchObject({
      status: 'met',
      basis: 'computed',
      oldest: AT - DAY,
    });
  });

  it('is not met where anything fails, whoever vouches for it', () => {
    const member = { kind: 'asset', id: 'a', name: 'Pump 7', answer: 'fails', note: 'seen' } as const;
    const facts = [fact('t.first', { failing: 1, members: [member] }), fact('t.second')];
    const found = judged('c:both', { facts, attestations: [attestation('c:both')] });
    expect(found).toMatchObject({ status: 'not-met', contradicted: true });
    expect(found.reason).toBe('t.first 1 of 4 fails: Pump 7.');
  });

  it('stays not met however old the failure is', () => {
    const facts = [fact('t.first', { failing: 1, asOf: AT - 300 * DAY }), fact('t.second')];
    expect(judged('c:both', { facts }).status).toBe('not-met');
  });

  it.each<[string, Partial<EvidenceFact>]>([
    ['the evidence is too old', { asOf: AT - 4 * DAY }],
    ['nothing was ever observed', { asOf: null }],
    ['there is nothing to look at', { population: 0 }],
    ['of some it is not known', { undetermined: 1 }],
    ['something stands in the way', { hindrance: 'No supplier is known.' }],
  ])('is unknown, and never met, where %s', (_, more) => {
    const facts = [fact('t.first', more), fact('t.second')];
    expect(judged('c:both', { facts, attestations: [attestation('c:both')] }).status).toBe('unknown');
  });

  it('counts evidence to the end of its days', () => {
    const facts = [fact('t.first', { asOf: AT - 3 * DAY }), fact('t.second')];
    expect(judged('c:both', { facts }).status).toBe('met');
  });

  it('is unknown where a question has no answer at all, until somebody vouches for it', () => {
    const facts = [fact('t.first')];
    expect(judged('c:both', { facts }).status).toBe('unknown');
    const attestations = [attestation('c:both')];
    expect(judged('c:both', { facts, attestations })).toMatchObject({
      status: 'met',
      basis: 'computed and attested',
    });
    expect(judged('c:both', { attestations })).toMatchObject({ status: 'met', basis: 'attested' });
  });

  it('holds of nothing where nothing can be amiss', () => {
    const facts = [fact('t.first', { population: 0, holdsOfNone: true }), fact('t.second')];
    expect(judged('c:both', { facts }).status).toBe('met');
  });
});

describe('a control of which evidence shows a part', () => {
  it('waits for a person who vouches for the rest, for as long as that holds', () => {
    const at = (more: Partial<Attestation>) =>
      judged('c:some', { facts: all, attestations: [attestation('c:some', more)] });
    expect(judged('c:some', { facts: all }).status).toBe('unknown');
    expect(at({})).toMatchObject({ status: 'met', basis: 'computed and attested', attestation: 'a-c:some' });
    expect(at({ until: AT }).status).toBe('unknown');
    expect(at({ since: AT + 1 }).status).toBe('unknown');
  });
});

describe('a control that no evidence speaks of', () => {
  it('is unknown until somebody vouches for it, and is then shown as that', () => {
    expect(judged('c:silent', {})).toMatchObject({ status: 'unknown', basis: 'none' });
    expect(judged('c:silent', { attestations: [attestation('c:silent')] })).toMatchObject({
      status: 'met',
      basis: 'attested',
    });
  });
});

describe('what a person decides', () => {
  it('leaves out what is addressable, and never what is required', () => {
    const left = (of: string) => judged(of, { facts: all, decisions: [decision(of, 'not-reasonable')] });
    expect(left('c:some')).toMatchObject({ status: 'not-applicable', basis: 'decided' });
    expect(left('c:some').reason).toContain('the ward is locked');
    expect(left('c:both').status).toBe('met');
  });

  it('answers what is addressable otherwise, once somebody vouches for that', () => {
    const state = {
      facts: [fact('t.second', { failing: 1 })],
      decisions: [decision('c:some', 'alternative')],
    };
    expect(judged('c:some', state).status).toBe('unknown');
    expect(judged('c:some', { ...state, attestations: [attestation('c:some')] }).status).toBe('met');
  });

  it('runs out', () => {
    const decisions = [decision('c:silent', 'not-applicable', { until: AT })];
    expect(judged('c:silent', { decisions }).status).toBe('unknown');
  });
});

describe('a standard', () => {
  it('is as its worst specification, and those that do not apply do not count', () => {
    expect(judged('c:standard', { facts: all }).status).toBe('unknown');
    expect(judged('c:standard', { facts: all, attestations: [attestation('c:some')] }).status).toBe('met');
    const failing = [fact('t.first'), fact('t.second', { failing: 1 })];
    expect(judged('c:standard', { facts: failing }).status).toBe('not-met');
    expect(
      judged('c:standard', { facts: all, decisions: [decision('c:some', 'not-applicable')] }),
    ).toMatchObject({
      status: 'met',
      basis: 'standard',
    });
  });
});
