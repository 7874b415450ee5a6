import { readFileSync } from 'node:fs';
import { loadKnowledge } from '@wardline/knowledge';
import {
  type ComplianceExport,
  type ComplianceState,
  complianceExportForm,
  type EvidenceFact,
  type GapPlan,
  riskStates,
} from '@wardline/model';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { digestOfState, digestsOfKnowledge } from '../digest.ts';
import { judge } from '../judge.ts';
import { oscalDocument, oscalModels } from './documents.ts';
import type { OscalSubject } from './subject.ts';
import { tokenOf, uuidOf } from './words.ts';

const { controls } = loadKnowledge();
const AT = Date.UTC(2026, 10, 26) * 1000;
const schema = new URL('../../../../fixtures/oscal/oscal-complete-excerpt.json', import.meta.url);
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
const isValid = ajv.compile(JSON.parse(readFileSync(schema, 'utf8')));
const faultsOf = (document: unknown): string[] =>
  isValid(document)
    ? []
    : (isValid.errors ?? []).map(
        ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
      );

const fact = (query: string, more: Partial<EvidenceFact> = {}): EvidenceFact => ({
  query,
  asOf: AT - 1,
  population: 40,
  failing: 0,
  undetermined: 0,
  holdsOfNone: false,
  hindrance: null,
  members: [],
  ...more,
});

function subject(id: string, empty = false): OscalSubject {
  const member = { kind: 'asset', id: 'a', name: ' Pump\n4 ', answer: 'fails', note: 'in clear' } as const;
  const state: ComplianceState = empty
    ? { at: AT, facts: [], attestations: [], decisions: [] }
    : {
        at: AT,
        facts: [
          fact('traffic.phi-protected', { failing: 1, members: [member] }),
          fact('ledger.whole'),
          fact('backups.fresh', { asOf: null }),
        ],
        attestations: [
          {
            id: '1',
            control: 'hipaa-security:164.308(a)(2)',
            statement: 'Ana Ng is it.',
            owner: 'person:1',
            by: 'person:1',
            document: { name: 'Appointment', sha256: 'a'.repeat(64) },
            since: AT - 2,
            until: AT + 2,
          },
        ],
        decisions: [
          {
            id: '2',
            control: 'hipaa-security:164.312(a)(2)(iii)',
            decision: 'not-applicable',
            rationale: 'No screens',
            alternative: null,
            by: 'person:1',
            since: AT - 2,
            until: AT + 2,
          },
        ],
      };
  const judged = judge(controls, state);
  const recorded: ComplianceExport = {
    form: complianceExportForm,
    hospital: '  St. Example\n',
    run: 7,
    digest: digestOfState(state),
    state,
    statuses: {},
    knowledge: digestsOfKnowledge(controls),
    ledger: { entry: '{}', sequence: 12, path: [], checkpoint: 'head' },
  };
  return { recorded, controls, judged, catalogue: controls.catalogues.get(id)! };
}

describe.each([...controls.catalogues.keys()])('%s', (id) => {
  it.each([...oscalModels])('as %s is valid under NIST’s schema, with evidence and without', (model) => {
    for (const empty of [false, true]) {
      const document = oscalDocument(subject(id, empty), model);
      expect(document).not.toBeNull();
      expect(faultsOf(document)).toEqual([]);
    }
  });

  it('has a token of its own for each control', () => {
    const ids = controls.catalogues.get(id)!.controls.map((one) => tokenOf(one.id));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

it('would not pass with what OSCAL does not know', () => {
  const document = oscalDocument(subject('hipaa-security'), 'assessment-results') as {
    'assessment-results': { results: { findings: { target: { status: { state: string } } }[] }[] };
  };
  document['assessment-results'].results[0]!.findings[0]!.target.status.state = 'unknown';
  expect(faultsOf(document).join()).toContain('must be equal to one of the allowed values');
  expect(faultsOf({ 'assessment-plan': {} })).not.toEqual([]);
});

interface Finding {
  props: { name: string; value: string }[];
  target: { 'target-id': string; status: { state: string; reason: string } };
}

it('calls satisfied only what is met, and says of what was decided not to apply nothing but that', () => {
  const of = subject('hipaa-security');
  const document = oscalDocument(of, 'assessment-results') as {
    'assessment-results': {
      results: { findings: Finding[]; remarks: string; attestations: { parts: unknown[] }[] }[];
    };
  };
  const [result] = document['assessment-results'].results;
  for (const { props, target } of result!.findings) {
    const status = props.find(({ name }) => name === 'status')!.value;
    expect([status, target.status.state]).toEqual([status, status === 'met' ? 'satisfied' : 'not-satisfied']);
  }
  expect(result!.remarks).toBe('Decided not to apply: 164.312(a)(2)(iii).');
  expect(result!.findings.some(({ target }) => target['target-id'] === tokenOf('164.312(a)(2)(iii)'))).toBe(
    false,
  );
  expect(result!.attestations[0]!.parts).toHaveLength(2);
});

it('plans an action for all that is not met or not known, with a risk for each question that fails', () => {
  const of = subject('hipaa-security');
  const document = oscalDocument(of, 'plan-of-action-and-milestones') as {
    'plan-of-action-and-milestones': { risks: { title: string }[]; 'poam-items': unknown[] };
  };
  const plan = document['plan-of-action-and-milestones'];
  const open = [...of.judged].filter(
    ([ref, { status, basis }]) =>
      ref.startsWith('hipaa-security:') &&
      basis !== 'standard' &&
      (status === 'not-met' || status === 'unknown'),
  );
  expect(plan['poam-items']).toHaveLength(open.length);
  expect(plan.risks.map(({ title }) => title)).toEqual(['Not so: Patient data is encrypted on the way']);
});

describe('what people do about a gap', () => {
  const plan = (own: Partial<GapPlan> = {}): GapPlan => ({
    gap: 'traffic.phi-protected',
    risk: 'r-1',
    title: ' Not so:\nencrypted ',
    state: 'treating',
    plan: 'TLS on the gateway',
    owner: { id: 'person:1', name: ' Ana Ng ' },
    opened: AT - 9,
    deadline: AT + 9,
    measures: [
      { text: 'A tunnel', added: AT - 8, verified: AT - 7, until: AT + 9 },
      { text: 'A tunnel', added: AT - 6, verified: null, until: null },
    ],
    ...own,
  });
  const planOf = (...plans: GapPlan[]) => {
    const of = subject('hipaa-security');
    of.recorded.plans = plans;
    const document = oscalDocument(of, 'plan-of-action-and-milestones');
    expect(faultsOf(document)).toEqual([]);
    return (document as { 'plan-of-action-and-milestones': Plan })['plan-of-action-and-milestones'];
  };

  it('has its owner, its deadline and its milestones', () => {
    const { metadata, risks } = planOf(plan());
    const owner = metadata.parties.find(({ type }) => type === 'person')!;
    expect(owner.name).toBe('Ana Ng');
    const [risk] = risks;
    expect(risk).toMatchObject({ status: 'remediating', deadline: '2026-11-26T00:00:00.000009Z' });
    const tasks = risk!.remediations[1]!.tasks!;
    expect(tasks.map(({ type, title }) => [type, title])).toEqual([
      ['milestone', 'A tunnel'],
      ['milestone', 'A tunnel'],
      ['milestone', 'It is treated'],
    ]);
    expect(new Set(tasks.map(({ uuid }) => uuid)).size).toBe(3);
    for (const task of tasks) expect(task['responsible-roles'][0]!['party-uuids']).toEqual([owner.uuid]);
  });

  it('is a risk of its own where nothing shows that the control is met, and is of what is open only', () => {
    const gap = 'hipaa-security:164.308(a)(4)(ii)(A)';
    const { risks, 'poam-items': items } = planOf(
      plan({ gap, owner: null, deadline: null, measures: [] }),
      plan({ gap: 'ledger.whole' }),
    );
    expect(risks).toHaveLength(2);
    const uuid = risks.find(({ title }) => title === 'Not so: encrypted')!.uuid;
    const naming = items.filter((item) => item['related-risks']?.some((one) => one['risk-uuid'] === uuid));
    expect(naming).toHaveLength(1);
  });

  it('is nobody’s where nobody has it, in whatever state the register has it', () => {
    for (const state of riskStates) {
      const { metadata, risks } = planOf(plan({ state, owner: null, deadline: null, plan: '' }));
      expect(metadata.parties).toHaveLength(1);
      expect(risks[0]).not.toHaveProperty('deadline');
    }
  });
});

interface Plan {
  metadata: { parties: { uuid: string; type: string; name: string }[] };
  risks: {
    uuid: string;
    title: string;
    remediations: {
      tasks?: {
        uuid: string;
        type: string;
        title: string;
        'responsible-roles': { 'party-uuids': string[] }[];
      }[];
    }[];
  }[];
  'poam-items': { 'related-risks'?: { 'risk-uuid': string }[] }[];
}

it('refers only to what is there, and to each thing by the same id in all documents', () => {
  const documents = oscalModels.map((model) => oscalDocument(subject('nist-800-53-5'), model));
  for (const document of documents) {
    const text = JSON.stringify(document);
    const defined = new Set([...text.matchAll(/"uuid":"([^"]+)"/g)].map(([, id]) => id));
    const used = [...text.matchAll(/"(?:observation|risk|activity|component|actor)-uuid":"([^"]+)"/g)].map(
      ([, id]) => id,
    );
    if (!text.includes('plan-of-action')) expect(used.filter((id) => !defined.has(id))).toEqual([]);
    for (const [, id] of text.matchAll(/"(?:href|source)":"#([^"]+)"/g)) expect(defined).toContain(id);
  }
  expect(uuidOf('a', 'b')).toBe(uuidOf('a', 'b'));
  expect(uuidOf('a', 'b')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab]/);
});

it('keeps NIST’s own numbers as they are', () => {
  expect(tokenOf('ac-2.1')).toBe('ac-2.1');
  expect(tokenOf('164.312(a)(2)(i)')).toBe('_164.312.a.2.i');
});
