import { digestOfState, digestsOfKnowledge, judge } from '@wardline/compliance';
import { loadKnowledge } from '@wardline/knowledge';
import {
  type ComplianceExport,
  type ComplianceState,
  complianceExportForm,
  type EvidenceFact,
} from '@wardline/model';
import { describe, expect, it } from 'vitest';
import { boardReport } from './board.ts';
import { catalogueReport } from './catalogue.ts';
import type { Subject } from './subject.ts';

const { controls } = loadKnowledge();
const AT = Date.UTC(2026, 10, 26) * 1000;
const hostile = '</script><img src=x onerror=alert(1)>\u202e';
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
const member = {
  kind: 'asset',
  id: 'a-1',
  name: `Pump ${hostile}`,
  answer: 'fails',
  note: 'in clear',
} as const;

function subject(faults: Subject['faults'] = null): Subject {
  const state: ComplianceState = {
    at: AT,
    facts: [
      fact('traffic.phi-protected', { failing: 1, members: [member] }),
      fact('ledger.whole'),
      fact('monitoring.sensors'),
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
    decisions: [],
  };
  const judged = judge(controls, state);
  const recorded: ComplianceExport = {
    form: complianceExportForm,
    hospital: 'St. Example',
    run: 7,
    digest: digestOfState(state),
    state,
    statuses: Object.fromEntries([...judged].map(([ref, { status }]) => [ref, status])),
    knowledge: digestsOfKnowledge(controls),
    ledger: { entry: '{}', sequence: 12, path: [], checkpoint: 'head' },
  };
  return { recorded, controls, judged, faults };
}

describe.each<[string, (of: Subject) => string]>([
  ['the board’s report', boardReport],
  ['a catalogue’s report', (of) => catalogueReport(of, 'hipaa-security')],
])('%s', (_, make) => {
  it('escapes what comes from the wire, and asks for nothing', () => {
    const page = make(subject());
    expect(page).not.toMatch(/<img|<script|\u202e|https?:/);
    expect(page).toContain('Pump &lt;/script&gt;');
    expect(page).toContain("default-src 'none'");
  });

  it('says whether its record was checked, and how', () => {
    expect(make(subject())).toContain('genuine was not checked');
    expect(make(subject([]))).toContain('by its key');
    expect(make(subject(['The act is no record of controls.']))).toContain(
      'NOT VERIFIED: The act is no record',
    );
  });
});

it('tells a control by what shows it, and what a person vouches for as that', () => {
  const page = catalogueReport(subject(), 'hipaa-security');
  expect(page).toContain('1 of 40 fails: Pump');
  expect(page).toMatch(/164\.308\(a\)\(2\)[\s\S]{0,300}Met<\/span><br><span class="soft">attested/);
  expect(page).toMatch(/164\.312\(d\)[\s\S]{0,300}Unknown/);
  expect(page).toContain('SHA-256 aaaa');
});
