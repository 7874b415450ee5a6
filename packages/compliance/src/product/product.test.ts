import { loadKnowledge } from '@wardline/knowledge';
import type { ProductDetails, ProductItem, ProductSbom, ProductWord } from '@wardline/model';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clockedWeakness,
  type KnownWeakness,
  type ProductFacts,
  productChecklist,
  timelinessOf,
} from './index.ts';

const { controls } = loadKnowledge();
const DAY = 86_400_000_000;
const AT = Date.UTC(2026, 10, 26) * 1000;

const details: ProductDetails = {
  vendor: 'Acme',
  model: 'Pump 9',
  deviceClass: 'infusion-pump',
  purpose: '',
  cycleDays: 90,
  criticalDays: 30,
  rationale: '',
  endOfSupport: null,
};
const sbom: ProductSbom = {
  id: 's',
  software: '2.0',
  format: 'cyclonedx 1.5',
  components: 20,
  withVersion: 20,
  withIdentifier: 20,
  withSupplier: 20,
  affected: 0,
  open: 0,
  addedAt: '',
};
const known = (own: Partial<KnownWeakness> = {}): KnownWeakness => ({
  id: 'CVE-2026-1',
  title: '',
  component: '',
  critical: false,
  learnt: AT - 10 * DAY,
  fix: null,
  plan: null,
  ...own,
});
const fix = (at: number): KnownWeakness['fix'] => ({ version: '2.0', at, by: 'advisory' });
const plan = {
  version: '2.1',
  day: '2027-01-01',
  owner: 'person:1',
  ownerName: 'Ng',
  note: '',
  by: 'person:1',
};

function facts(weaknesses: readonly KnownWeakness[] = [], own: Partial<ProductFacts> = {}): ProductFacts {
  const clocked = weaknesses.map((one) => clockedWeakness(one, own.details ?? details, AT));
  return {
    details,
    newest: {
      version: '2.0',
      published: '',
      securityVersion: 4,
      sbom: true,
      provenance: true,
      advisories: [],
      withdrawn: false,
    },
    sbom,
    weaknesses: clocked,
    timeliness: timelinessOf(clocked, { devices: 4, onNewest: 3 }),
    threats: { open: 0, unknown: 0, mitigated: 12 },
    handling: { addresses: ['mailto:psirt@acme.example'], reports: [], adviceDays: 1 },
    findings: [],
    ...own,
  };
}
const word = (control: string): ProductWord => ({
  id: `w-${control}`,
  control,
  statement: 'It was done',
  owner: 'person:1',
  ownerName: 'Dr. Ng',
  byName: 'Dr. Ng',
  document: 'report.pdf',
  sha256: 'a'.repeat(64),
  since: '2026-01-01',
  until: '2027-01-01',
});
const line = (control: string, of: ProductFacts, words: readonly ProductWord[] = []): ProductItem =>
  productChecklist(controls, of, words).find((one) => one.control === control)!;
const status = (control: string, of: ProductFacts, words: readonly ProductWord[] = []) =>
  line(control, of, words).status;

describe('the clock of a weakness', () => {
  const state = (own: Partial<KnownWeakness>, cycle = details) =>
    clockedWeakness(known(own), cycle, AT).state;

  it('is in time to the last microsecond of its days, and late or overdue the next', () => {
    const learnt = AT - 90 * DAY;
    expect(state({ learnt })).toBe('running');
    expect(state({ learnt: learnt - 1 })).toBe('overdue');
    expect(state({ learnt, fix: fix(AT) })).toBe('fixed');
    expect(state({ learnt: learnt - 1, fix: fix(AT) })).toBe('fixed-late');
  });

  it('is shorter where it is critical, and none where nobody has said how long', () => {
    const learnt = AT - 31 * DAY;
    expect([state({ learnt }), state({ learnt, critical: true })]).toEqual(['running', 'overdue']);
    expect(state({ critical: true }, { ...details, criticalDays: null })).toBe('no-clock');
  });

  it('never turns good by time alone', () => {
    const bad = ['overdue', 'fixed-late'];
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 400 }),
        fc.option(fc.integer({ min: 0, max: 400 })),
        (age, fixed) => {
          const one = known({
            learnt: AT - age * DAY,
            fix: fixed === null ? null : fix(AT - (age - fixed) * DAY),
          });
          const now = clockedWeakness(one, details, AT).state;
          const later = clockedWeakness(one, details, AT + 50 * DAY).state;
          return !bad.includes(now) || bad.includes(later);
        },
      ),
    );
  });
});

describe('timeliness', () => {
  it('counts each weakness once, and measures those that are fixed', () => {
    const weaknesses = [
      known({ learnt: AT - 40 * DAY, fix: fix(AT - 30 * DAY) }),
      known({ learnt: AT - 40 * DAY, fix: fix(AT - 20 * DAY), critical: true }),
      known({ learnt: AT - 40 * DAY, fix: fix(AT - 50 * DAY) }),
      known({ learnt: AT - 200 * DAY, plan }),
      known({ plan }),
    ].map((one) => clockedWeakness(one, details, AT));
    expect(timelinessOf(weaknesses, { devices: 4, onNewest: 3 })).toEqual({
      known: 5,
      inTime: 3,
      late: 0,
      running: 1,
      overdue: 1,
      withoutClock: 0,
      planned: 2,
      medianDays: 10,
      medianCriticalDays: 20,
      devices: 4,
      onNewest: 3,
    });
    expect(timelinessOf([], { devices: 0, onNewest: 0 }).medianDays).toBeNull();
  });
});

describe('the checklist', () => {
  it('is the catalogue, line by line, and calls nothing met of which nothing is known', () => {
    const empty = facts([], {
      details: { ...details, deviceClass: '', cycleDays: null, criticalDays: null },
      newest: null,
      sbom: null,
      threats: { open: 0, unknown: 0, mitigated: 0 },
      handling: { addresses: [], reports: [], adviceDays: null },
    });
    const items = productChecklist(controls, empty, []);
    expect(items).toHaveLength(controls.catalogues.get('fda-premarket')!.controls.length);
    expect(items.filter((one) => one.status === 'met')).toEqual([]);
  });

  it.each<[string, string, Partial<ProductFacts>, KnownWeakness[]]>([
    [
      '524B(b)(1)',
      'a report whose clock ran out',
      { handling: { ...facts().handling, reports: [{ number: 7, overdue: 1 }] } },
      [],
    ],
    ['524B(b)(1)', 'a weakness without fix or plan', {}, [known()]],
    ['524B(b)(2)', 'a release without provenance', { newest: { ...facts().newest!, provenance: false } }, []],
    ['524B(b)(2)(A)', 'a regular patch that is overdue', {}, [known({ learnt: AT - 91 * DAY, plan })]],
    [
      '524B(b)(2)(A)',
      'a regular patch that came late',
      {},
      [known({ learnt: AT - 99 * DAY, fix: fix(AT - DAY) })],
    ],
    [
      '524B(b)(2)(B)',
      'a critical patch that is overdue',
      {},
      [known({ learnt: AT - 31 * DAY, critical: true, plan })],
    ],
    ['524B(b)(3)', 'no bill of materials', { sbom: null }, []],
    ['524B(b)(3)', 'the one of an older release', { sbom: { ...sbom, software: '1.0' } }, []],
    ['524B(b)(3)', 'parts without makers', { sbom: { ...sbom, withSupplier: 18 } }, []],
    ['PM-sbom', 'no bill of materials', { sbom: null }, []],
    ['PM-threat-model', 'an open threat', { threats: { open: 1, unknown: 0, mitigated: 11 } }, []],
    [
      'PM-authentication',
      'a service without login on a device',
      { findings: [{ rule: 'unauthenticated-service', title: 'x', devices: 1 }] },
      [],
    ],
    [
      'PM-confidentiality',
      'patient data in clear',
      { findings: [{ rule: 'cleartext-phi', title: 'x', devices: 1 }] },
      [],
    ],
    [
      'PM-cryptography',
      'outdated encryption',
      { findings: [{ rule: 'obsolete-tls', title: 'x', devices: 1 }] },
      [],
    ],
    [
      'PM-integrity',
      'firmware in clear',
      { findings: [{ rule: 'firmware-cleartext', title: 'x', devices: 1 }] },
      [],
    ],
  ])('turns %s red by %s, and no word against it counts', (control, _, own, weaknesses) => {
    const found = line(control, facts(weaknesses, own), [word(control)]);
    expect(found).toMatchObject({ status: 'not-met', basis: 'computed', contradicted: true });
    const red = productChecklist(controls, facts(weaknesses, own), []).filter(
      (one) => one.status === 'not-met',
    );
    expect(red.map((one) => one.control)).toContain(control);
    expect(
      status(
        control,
        facts([
          known({ learnt: AT - 20 * DAY, fix: fix(AT) }),
          known({ learnt: AT - 20 * DAY, fix: fix(AT), critical: true }),
        ]),
        [word(control)],
      ),
    ).toBe('met');
  });

  it('leaves open what was looked at and cannot be told, whoever vouches', () => {
    const unknown = facts([], { threats: { open: 0, unknown: 3, mitigated: 9 } });
    expect(line('PM-threat-model', unknown, [word('PM-threat-model')])).toMatchObject({
      status: 'unknown',
      basis: 'computed',
      contradicted: false,
    });
    expect(status('524B(b)(1)', facts([], { handling: { ...facts().handling, addresses: [] } }))).toBe(
      'unknown',
    );
    expect(status('524B(b)(1)', facts([], { handling: { ...facts().handling, adviceDays: 8 } }))).toBe(
      'unknown',
    );
    expect(status('PM-vulnerabilities', facts([], { sbom: { ...sbom, open: 2 } }))).toBe('unknown');
  });

  it('takes a word where there is nothing to measure yet, and the latest of several', () => {
    expect(status('524B(b)(2)(A)', facts())).toBe('unknown');
    const later = { ...word('524B(b)(2)(A)'), statement: 'Practised in May', since: '2026-05-01' };
    expect(line('524B(b)(2)(A)', facts(), [later, word('524B(b)(2)(A)')])).toMatchObject({
      status: 'met',
      basis: 'attested',
      word: { statement: 'Practised in May' },
    });
    expect(status('PM-test-penetration', facts())).toBe('unknown');
    expect(status('PM-test-penetration', facts(), [word('PM-test-penetration')])).toBe('met');
  });
});
