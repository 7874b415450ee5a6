import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadKnowledge } from '@wardline/knowledge';
import type { Assessment } from '@wardline/model';
import { expect, it } from 'vitest';
import { cveRecord } from '../testing/cve-record.ts';
import { readSboms } from './sboms.ts';
import { weaknessesOf, weaknessLines } from './weaknesses.ts';

it('holds a folder of advisories against the devices, and names what it could not read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wardline-advisories-'));
  writeFileSync(join(folder, 'a.json'), cveRecord('2.0'));
  writeFileSync(join(folder, 'b.json'), '{"document":');
  const asset = {
    id: 'a1',
    name: 'Pump 1',
    vendor: 'Acme',
    family: null,
    model: 'Testpump 8000',
    serial: null,
    software: '1.9',
  };
  const assessment = { assets: [asset] } as unknown as Assessment;
  const found = await weaknessesOf(assessment, loadKnowledge([]), folder);
  expect(found.matches).toMatchObject([{ asset: 'a1', vulnerability: 'CVE-2026-0002', verdict: 'affected' }]);
  expect(found.refused).toHaveLength(1);
  expect(weaknessLines(found, assessment, 80).join('\n')).toContain('Pump 1: CVE-2026-0002');
});

const osv = {
  id: 'GHSA-1',
  modified: '2026-01-01T00:00:00Z',
  aliases: ['CVE-2026-0003'],
  affected: [
    {
      package: { ecosystem: 'npm', name: 'left-pad' },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '1.3.0' }] }],
    },
  ],
};
const sbom = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: {
    component: { type: 'device', name: 'Testpump 8000', version: '1.9', supplier: { name: 'Acme' } },
  },
  components: [{ type: 'library', name: 'left-pad', version: '1.1.0', purl: 'pkg:npm/left-pad@1.1.0' }],
};

it('holds advisories against the parts of the devices, where bills of materials are given', async () => {
  const [folder, parts] = ['advisories', 'sboms'].map((name) =>
    mkdtempSync(join(tmpdir(), `wardline-${name}-`)),
  );
  writeFileSync(join(folder!, 'osv.json'), JSON.stringify(osv));
  writeFileSync(join(parts!, 'pump.json'), JSON.stringify(sbom));
  writeFileSync(join(parts!, 'broken.xml'), '<bom');
  const asset = {
    id: 'a1',
    name: 'Pump 1',
    vendor: 'Acme',
    family: null,
    model: 'Testpump 8000',
    serial: null,
  };
  const assessment = { assets: [{ ...asset, software: '1.9' }] } as unknown as Assessment;
  const found = await weaknessesOf(assessment, loadKnowledge([]), folder!, await readSboms(parts!));
  expect(found.matches).toMatchObject([{ asset: 'a1', verdict: 'affected', component: 'left-pad 1.1.0' }]);
  expect(found.refused).toMatchObject([{ place: 'line 1' }]);
  expect(weaknessLines(found, assessment, 80).join('\n')).toContain('1 bill of materials read');
});
