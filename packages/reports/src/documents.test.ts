import {
  type ReportDocument,
  type ReportExport,
  reportDocumentSchema,
  reportExportForm,
} from '@wardline/model';
import { describe, expect, it } from 'vitest';
import { lead, list, section, table, warning } from './blocks.ts';
import { digestOfDocument, documentPage } from './document.ts';
import { riskAnalysis } from './risk-analysis.ts';
import { segmentationProof } from './segmentation-proof.ts';

const AT = Date.UTC(2026, 10, 26) * 1000;
const hostile = '</script><img src=x onerror=alert(1)>\u202e';

const exported = (document: ReportDocument): ReportExport => ({
  form: reportExportForm,
  hospital: `St. ${hostile}`,
  number: 3,
  document,
  digest: digestOfDocument(document),
  ledger: { entry: '{}', sequence: 12, path: [], checkpoint: 'head' },
});
const document = (more: Partial<ReportDocument> = {}): ReportDocument => ({
  kind: 'supplier',
  title: `Supplier ${hostile}`,
  subject: hostile,
  at: AT,
  sections: [
    section(
      hostile,
      lead(hostile),
      warning('Nobody looked.'),
      list([hostile]),
      table(['Who', '#How many'], [[hostile, '4']], { total: 9, none: '' }),
    ),
  ],
  ...more,
});

it('escapes everything, runs nothing and asks for nothing', () => {
  const page = documentPage(exported(document()), null);
  expect(page).not.toMatch(/<img|<script|\u202e|https?:/);
  expect(page).toContain("default-src 'none'");
  expect(page).toContain('And 8 more');
});

it('gives a column the room of its longest word, and breaks what no column has room for', () => {
  const rows = [['Classify weaknesses', 'a'.repeat(64)]];
  const page = documentPage(
    exported(document({ sections: [section('Steps', table(['Step', 'Digest'], rows, { none: '' }))] })),
    null,
  );
  expect(page).toContain('style="min-width: 12ch">Step<');
  expect(page).toContain('style="min-width: 2ch">Digest<');
});

it('says whether it was checked, and what did not come out', () => {
  const page = (faults: readonly string[] | null) => documentPage(exported(document()), faults);
  expect(page(null)).toContain('genuine was not checked');
  expect(page([])).toContain('by its key');
  expect(page(['The ledger holds another.'])).toContain('NOT VERIFIED: The ledger holds another.');
});

it('has a digest that any change of a word changes, and the order of keys does not', () => {
  const { kind, title, subject, at, sections } = document();
  expect(digestOfDocument({ sections, at, subject, title, kind })).toBe(digestOfDocument(document()));
  expect(digestOfDocument(document({ at: AT + 1 }))).not.toBe(digestOfDocument(document()));
  expect(digestOfDocument(document({ subject: 'other' }))).not.toBe(digestOfDocument(document()));
});

const level = { from: 'low', to: 'high' } as const;
const risk = {
  id: 'r-1',
  kind: 'finding' as const,
  source: 'cleartext-phi',
  title: 'Patient data in clear',
  product: 'X'.repeat(3000),
  assets: 2,
  lifeCritical: 1,
  patient: level,
  privacy: level,
  operations: level,
  control: 'unknown' as const,
  exploited: false,
  state: 'new' as const,
  treatment: null,
  owner: null,
  ownerName: null,
  deadline: null,
  overdue: false,
  acceptedUntil: null,
  joined: 0,
  opened: '2026-11-01T00:00:00Z',
  closed: null,
};

describe('a risk analysis', () => {
  const made = (risks: number) =>
    riskAnalysis({
      at: AT,
      hospital: 'St. Example',
      stated: null,
      steps: [],
      scope: {
        assets: 9,
        identified: 7,
        lifeCritical: 2,
        withPatientData: 3,
        dataUnknown: 1,
        sensors: 1,
        heard: null,
      },
      indicators: {
        open: risks,
        uncontrolled: 0,
        unknownControl: 0,
        overdue: 1,
        accepted: 0,
        waiting: 0,
        untriaged: 4,
        byLevel: { 'very high': 1 },
        lifeCriticalAtRisk: 1,
        lifeCritical: 2,
        identified: 7,
        assets: 9,
        hoursToTriage: null,
        hoursToTreat: null,
      },
      risks: Array.from({ length: Math.min(risks, 450) }, () => risk),
      sources: [],
      controls: [],
      evidence: [],
    });

  it('tells spans as spans, what is not seen, and how many risks it does not print', () => {
    const page = documentPage(exported(made(1200)), null);
    expect(page).toContain('low to high');
    expect(page).toContain('2 devices that are seen and not identified');
    expect(page).toContain('And 800 more');
    expect(page).toContain('never');
  });

  it('stays within what a report may hold', () => {
    expect(reportDocumentSchema.safeParse(made(100_000)).success).toBe(true);
  });

  it('says that nothing found is not nothing there', () => {
    expect(JSON.stringify(made(0))).toContain('That is what was found, not that there is none');
  });
});

it('calls a network without a policy what it is', () => {
  const none = { at: AT, inForce: null, points: [], lifeCritical: 4, controls: [], evidence: [] };
  const page = documentPage(exported(segmentationProof(none)), null);
  expect(page).toContain('No policy of zones is in force');
  expect(page).toContain('class="warning"');
});
