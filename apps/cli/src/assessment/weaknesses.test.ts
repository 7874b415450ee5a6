import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadKnowledge } from '@wardline/knowledge';
import type { Assessment } from '@wardline/model';
import { expect, it } from 'vitest';
import { weaknessesOf, weaknessLines } from './weaknesses.ts';

const cve = (version: string) =>
  JSON.stringify({
    dataType: 'CVE_RECORD',
    cveMetadata: {
      cveId: 'CVE-2026-0002',
      state: 'PUBLISHED',
      datePublished: '2026-01-01T00:00:00Z',
      dateUpdated: '2026-01-01T00:00:00Z',
    },
    containers: {
      cna: {
        providerMetadata: { shortName: 'acme', dateUpdated: '2026-01-01T00:00:00Z' },
        affected: [
          {
            vendor: 'Acme',
            product: 'Testpump 8000',
            versions: [{ version: '0', lessThan: version, status: 'affected' }],
          },
        ],
      },
    },
  });

it('holds a folder of advisories against the devices, and names what it could not read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wardline-advisories-'));
  writeFileSync(join(folder, 'a.json'), cve('2.0'));
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
