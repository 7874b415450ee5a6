import type { AssetRow, VulnerabilityRow } from '@wardline/model';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { becomeTestpump, csafAdvisory, matchOf } from '../../testing/advisory.ts';
import { runServer, type TestServer, until } from '../../testing/running-server.ts';
import { batch } from '../../testing/synthetic.ts';

let server: TestServer;
let asset: AssetRow;
const reason = 'weekly feed';
const take = async (text: string, name = 'acme.json') =>
  (await server.post('advisories', { name, text, reason })).json() as Promise<{
    outcome: string;
    faults: { place: string }[];
  }>;

beforeAll(async () => {
  server = await runServer();
  await server.post('intake/batches', batch(1, 2));
  const page = await until(
    () => server.get<{ items: AssetRow[] }>('assets?sort=name'),
    ({ items }) => items.length > 1,
  );
  asset = page.items[0]!;
});
afterAll(() => server?.close());

it('answers for an asset once both the asset and the advisory are known, and again when either changes', async () => {
  expect(await take(csafAdvisory('< 2.0'))).toMatchObject({ outcome: 'added' });
  expect(await take(csafAdvisory('< 2.0'))).toMatchObject({ outcome: 'unchanged' });
  await becomeTestpump(server, asset, '1.5');
  const match = await matchOf(server, 'affected');
  expect(match).toMatchObject({ asset: asset.id, advisory: 'ACME-2026-0001', concluded: 'affected' });
  expect(match.reason).toContain('it runs 1.5');
  expect(await take(csafAdvisory('< 1.2', 2))).toMatchObject({ outcome: 'updated' });
  await matchOf(server, 'not-affected');
  expect(await take(csafAdvisory('< 2.0', 1))).toMatchObject({ outcome: 'older' });
  expect(await take(csafAdvisory('< 2.0', 3))).toMatchObject({ outcome: 'updated' });
  await matchOf(server, 'affected');
  const one = await server.get<VulnerabilityRow>('vulnerabilities/CVE-2026-0001');
  expect(one).toMatchObject({ affected: 1, unknown: 0, score: null, advisories: ['ACME-2026-0001'] });
});

it('lets a person’s verdict hold over a new revision, until its ground falls away', async () => {
  const body = {
    asset: asset.id,
    vulnerability: 'CVE-2026-0001',
    verdict: 'not-affected',
    reason: 'its port is closed',
  };
  const decided = { ...body, justification: 'inline_mitigations_already_exist' };
  expect((await server.post('matches/decision', decided)).status).toBe(200);
  expect(await matchOf(server, 'not-affected')).toMatchObject({
    concluded: 'affected',
    decision: { reason: body.reason },
  });
  expect(await take(csafAdvisory('< 1.9', 4))).toMatchObject({ outcome: 'updated' });
  await until(
    async () => (await matchOf(server, 'not-affected')).reason,
    (text) => text.includes('< 1.9'),
  );
  expect((await matchOf(server, 'not-affected')).decision).not.toBeNull();
  await becomeTestpump(server, asset, '1.6');
  expect(await matchOf(server, 'affected')).toMatchObject({ decision: null });
});

it('quarantines what it cannot read, with the place, and goes on', async () => {
  const result = await take('{"document":{"csaf_version":"2.0"}}', 'broken.json');
  expect(result.outcome).toBe('quarantined');
  expect(result.faults[0]?.place).toContain('/document');
  expect(await server.get('advisories/quarantine')).toMatchObject({ items: [{ name: 'broken.json' }] });
  expect((await server.get<{ total: number }>('advisories')).total).toBe(1);
});

it('marks what is exploited by the KEV catalogue', async () => {
  const entry = { cveID: 'CVE-2026-0001', dateAdded: '2026-02-03', knownRansomwareCampaignUse: 'Known' };
  const kev = JSON.stringify({ catalogVersion: '2026.02.03', vulnerabilities: [entry] });
  expect(await take(kev, 'kev.json')).toMatchObject({ outcome: 'enriched' });
  expect(await server.get('vulnerabilities?exploited=yes')).toMatchObject({
    items: [{ exploitedSince: '2026-02-03' }],
  });
});
