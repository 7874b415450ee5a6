import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadKnowledge } from '@wardline/knowledge';
import type { Assessment } from '@wardline/model';
import { expect, it } from 'vitest';
import { cveRecord } from '../testing/cve-record.ts';
import { rankedRisks, riskLines } from './risks.ts';
import { weaknessesOf } from './weaknesses.ts';

it('ranks what can harm patients most first, by what the device is for and by KEV beside the advisories', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wardline-advisories-'));
  writeFileSync(join(folder, 'a.json'), cveRecord('2.0'));
  const knowledge = loadKnowledge([]);
  const shared = {
    vendor: 'Acme',
    family: null,
    model: 'Testpump 8000',
    serial: null,
    software: '1.9',
    vlans: [],
    services: [],
  };
  const pump = {
    ...shared,
    id: 'a1',
    name: 'Pump 1',
    class: 'infusion-pump',
    criticality: 'life-critical',
    dataSensitivity: 'phi',
  };
  const printer = {
    ...shared,
    id: 'a2',
    name: 'Printer',
    vendor: 'Other',
    model: 'P1',
    class: 'printer',
    criticality: 'low',
    dataSensitivity: 'no-phi',
  };
  const finding = {
    id: 'f1',
    rule: 'telnet-service',
    title: 'Telnet in use',
    asset: 'a2',
    severity: 'high',
    harms: ['operations'],
    service: null,
  };
  const assessment = {
    assets: [pump, printer],
    conversations: [],
    findings: [finding],
  } as unknown as Assessment;
  const before = rankedRisks(assessment, await weaknessesOf(assessment, knowledge, folder), knowledge, 0);
  expect(before.map(({ source }) => source)).toEqual(['CVE-2026-0002', 'telnet-service']);
  expect(before[0]?.worst.score.axes.patient.level).toEqual({ from: 0, to: 4 });
  const kev = {
    title: 'KEV',
    catalogVersion: '2026.01.01',
    dateReleased: '2026-01-01T00:00:00.000Z',
    count: 0,
    vulnerabilities: [],
  };
  writeFileSync(join(folder, 'kev.json'), JSON.stringify(kev));
  const [after] = rankedRisks(assessment, await weaknessesOf(assessment, knowledge, folder), knowledge, 0);
  expect(after?.worst.sentences.join(' ')).toContain('not in the catalogue of exploited weaknesses');
  expect(riskLines(before, 100).join('\n')).toContain(
    '1. CVE-2026-0002 on Acme Testpump 8000, 1 device: patients very low to very high',
  );
});
