import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MatchList } from '../api/types.ts';
import type { Stage } from './stage.ts';

/** A CVE record on a monitor that the sample hospital has. */
const record = {
  dataType: 'CVE_RECORD',
  cveMetadata: { cveId: 'CVE-2026-0003', state: 'PUBLISHED', dateUpdated: '2026-01-01T00:00:00Z' },
  containers: {
    cna: {
      providerMetadata: { shortName: 'made-up', dateUpdated: '2026-01-01T00:00:00Z' },
      descriptions: [{ lang: 'en', value: 'Made up for a test.' }],
      affected: [
        {
          vendor: 'Philips',
          product: 'MX-70',
          versions: [{ version: '0', lessThan: 'N', status: 'affected' }],
        },
      ],
    },
  },
};

/** Hands it over as the command line does, and waits for the answers. */
export async function addWeakness(stage: Stage): Promise<string> {
  const token = (await readFile(join(stage.server.dataDir, 'cli-token'), 'utf8')).trim();
  const body = { name: 'made-up.json', text: JSON.stringify(record), reason: 'a test' };
  await fetch(new URL('/api/v1/advisories', stage.server.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  for (;;) {
    const { items } = await stage.ask<MatchList>('/matches?vulnerability=CVE-2026-0003');
    if (items[0] !== undefined) return items[0].asset;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
