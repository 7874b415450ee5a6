import {
  type AssetRow,
  type ReportExport,
  type ReportKind,
  type ReportList,
  reportKinds,
  type SevenSteps,
  stepNames,
} from '@wardline/model';
import { digestOfDocument, documentPage, labelSvg } from '@wardline/reports';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runServer, type TestServer, until } from '../../testing/running-server.ts';
import { productDetails, supplierDetails } from '../../testing/suppliers.ts';
import { batch } from '../../testing/synthetic.ts';

const reason = 'a test of reports';
let server: TestServer;
let subjects: Record<ReportKind, string | undefined>;

beforeAll(async () => {
  server = await runServer();
  await server.post('intake/batches', batch(1, 2));
  const { items } = await until(
    () => server.get<{ items: AssetRow[] }>('assets'),
    (page) => page.items.length === 3,
  );
  const made = async (path: string, body: object) =>
    (await (await server.post(path, { ...body, reason })).json()) as { id: string; number: number };
  const incident = await made('incidents', {
    playbook: 'compromised-infusion-pump',
    title: 'A pump',
    assets: [],
  });
  subjects = {
    'risk-analysis': undefined,
    'device-file': items[0]!.id,
    segmentation: undefined,
    incident: String(incident.number),
    supplier: (await made('suppliers', supplierDetails('Acme'))).id,
    'product-file': (await made('products', productDetails)).id,
  };
});
afterAll(() => server?.close());

const make = (kind: string, subject?: string) => server.post('reports', { kind, subject, reason });

it.each(reportKinds)('makes a %s under the ledger, and the same page of it each time', async (kind) => {
  const answer = await make(kind, subjects[kind]);
  expect(answer.status, await answer.clone().text()).toBe(200);
  const { number } = (await answer.json()) as { number: number };
  const exported = await server.get<ReportExport>(`reports/${number}/export`);
  expect(digestOfDocument(exported.document)).toBe(exported.digest);
  expect(JSON.parse(exported.ledger.entry)).toMatchObject({
    action: 'report.make',
    changes: { kind, digest: exported.digest },
  });
  const page = await server.raw(`/api/v1/reports/${number}/page`);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(page.headers.get('content-disposition')).toBeNull();
  expect(await page.text()).toBe(documentPage(exported, null));
  const { items } = await server.get<ReportList>('reports');
  expect(items[0]).toMatchObject({ number, kind, digest: exported.digest });
  const { items: acts } = await server.get<{ items: { action: string; reason: string }[] }>(
    'ledger?order=desc&limit=1',
  );
  expect(acts[0]).toMatchObject({ action: 'report.make', reason });
});

it('tells a device in words, its acts too, by no id of ours', async () => {
  const id = subjects['device-file']!;
  expect((await server.post(`assets/${id}/lifecycle`, { to: 'commissioned', reason })).status).toBeLessThan(
    300,
  );
  const { number } = (await (await make('device-file', id)).json()) as { number: number };
  const { document } = await server.get<ReportExport>(`reports/${number}/export`);
  const text = JSON.stringify(document);
  expect(text).toContain('Its state in its life was changed');
  expect(text).toContain('Data sensitivity');
  expect(text).not.toMatch(/lifecycle\.move|dataSensitivity|possible-phi/i);
});

it('prints labels whose code leads to this very console, of devices that there are', async () => {
  const id = subjects['device-file']!;
  const sheet = await server.raw(`/api/v1/labels/page?assets=${id},none`);
  expect(sheet.headers.get('content-security-policy')).toContain("default-src 'none'");
  const text = await sheet.text();
  expect(text.match(/Label of /g)).toHaveLength(1);
  const { asset } = await server.get<{ asset: AssetRow }>(`assets/${id}`);
  const label = {
    address: `${server.url.replace(/\/$/, '')}/assets/${id}`,
    name: asset.name,
    tag: '',
    serial: '',
  };
  const path = /<path d="([^"]+)"/.exec(labelSvg({ ...label, kind: '' }))![1]!;
  expect(text).toContain(path);
  expect((await server.raw('/api/v1/labels/page?assets=none')).status).toBe(404);
});

it('tells the seven steps, and the analysis takes them and the stated scope with it', async () => {
  const { steps, last } = await server.get<SevenSteps>('risk-assessment');
  expect(steps.map(({ name }) => name)).toEqual([...stepNames]);
  expect(steps[0]!.state).not.toBe('done');
  expect(last).not.toBeNull();
  const scope = 'All wards; the laboratory of the other house is left out.';
  const made = await server.post('reports', { kind: 'risk-analysis', scope, reason });
  const { number } = (await made.json()) as { number: number };
  const text = JSON.stringify((await server.get<ReportExport>(`reports/${number}/export`)).document);
  expect(text).toContain(scope);
  expect(text).toContain('Scope and inventory');
  expect((await server.get<SevenSteps>('risk-assessment')).last).toMatchObject({ number });
});

it('says what is not there', async () => {
  const { number } = (await (await make('segmentation')).json()) as { number: number };
  const { document } = await server.get<ReportExport>(`reports/${number}/export`);
  expect(JSON.stringify(document)).toContain('No policy of zones is in force');
  expect((await make('incident', '99')).status).toBe(404);
  expect((await make('incident')).status).toBe(400);
  expect((await make('supplier', 'nobody')).status).toBe(404);
  expect((await make('device-file', 'nothing')).status).toBe(404);
  expect((await server.raw('/api/v1/reports/99/page')).status).toBe(404);
});

it('makes the board’s and a catalogue’s page of a record, to be opened and downloaded', async () => {
  const { id } = (await (await server.post('compliance/records', { reason })).json()) as { id: number };
  const path = `/api/v1/compliance/records/${id}/page`;
  expect(await (await server.raw(`${path}?report=board`)).text()).toContain('Security posture for the board');
  const saved = await server.raw(`${path}?report=controls&catalogue=hhs-cpg&download=yes`);
  expect(saved.headers.get('content-disposition')).toBe(`attachment; filename="hhs-cpg-record-${id}.html"`);
  expect((await server.raw(`${path}?report=controls&catalogue=none`)).status).toBe(400);
});
