import type { AssetRow, VulnerabilityDetail, VulnerabilityRow } from '@wardline/model';
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

it('shows EPSS with its day, and keeps the later day whatever comes in later', async () => {
  const scores = (date: string, probability: string) =>
    `#model_version:v2025.03.14,score_date:${date}T00:00:00+0000\ncve,epss,percentile\nCVE-2026-0001,${probability},0.99\n`;
  expect(await take(scores('2026-11-25', '0.42'), 'epss.csv')).toMatchObject({ outcome: 'enriched' });
  expect(await take(scores('2026-11-25', '0.42'), 'epss.csv')).toMatchObject({ outcome: 'unchanged' });
  expect(await take(scores('2026-11-24', '0.1'), 'old.csv')).toMatchObject({ outcome: 'older' });
  const one = await server.get<VulnerabilityRow>('vulnerabilities/CVE-2026-0001');
  expect(one.epss).toEqual({ probability: 0.42, percentile: 0.99, date: '2026-11-25', model: 'v2025.03.14' });
  expect(await server.get('vulnerabilities?epss=0.4&sort=epss&order=desc')).toMatchObject({ total: 1 });
  expect(await server.get('vulnerabilities?epss=0.5')).toMatchObject({ total: 0 });
});

it('lets an SSVC table decide as far as its points are known', async () => {
  const table = `row,Exploitation v1.1.0,System Exposure v1.0.1,Priority v1.0.0
0,none,small,defer\n1,none,open,defer\n2,active,small,scheduled\n3,active,open,immediate\n`;
  expect(await take(table, 'ssvc.csv')).toMatchObject({ outcome: 'enriched', id: 'SSVC Priority' });
  const one = await server.get<VulnerabilityDetail>('vulnerabilities/CVE-2026-0001');
  expect(one.decisions).toEqual([
    { table: 'Priority', outcomes: ['scheduled', 'immediate'], open: ['System Exposure'] },
  ]);
});

it('takes the sound records of an NVD file, and names the others', async () => {
  const record = {
    id: 'CVE-2026-0003',
    published: '2026-01-01T00:00:00.000',
    lastModified: '2026-01-02T00:00:00.000',
    descriptions: [{ lang: 'en', value: 'From the NVD.' }],
  };
  const entries = [{ cve: record }, { cve: { id: 'nonsense' } }];
  const nvd = JSON.stringify({ format: 'NVD_CVE', version: '2.0', vulnerabilities: entries });
  const result = await take(nvd, 'nvd.json');
  expect(result).toMatchObject({ outcome: 'added', faults: [{ place: '/vulnerabilities/1/cve/id' }] });
  expect(await server.get('vulnerabilities/CVE-2026-0003')).toMatchObject({ summary: 'From the NVD.' });
});

it('takes back what a later catalogue of KEV does not list any more, and tells which state of each source counts', async () => {
  const kev = JSON.stringify({ catalogVersion: '2026.03.01', vulnerabilities: [] });
  expect(await take(kev, 'kev.json')).toMatchObject({ outcome: 'enriched' });
  const one = await server.get<VulnerabilityRow>('vulnerabilities/CVE-2026-0001');
  expect(one).toMatchObject({ exploitedSince: null, kev: null });
  expect(await server.get('enrichment')).toMatchObject({
    items: [
      { name: 'epss', release: '2026-11-25', entries: 1 },
      { name: 'kev', release: '2026.03.01', entries: 0 },
      { name: 'ssvc: Priority', release: '1.0.0', entries: 4 },
    ],
  });
});
