import { readFileSync } from 'node:fs';
import type {
  AssetRow,
  EvidenceList,
  FhirImported,
  Lifecycle,
  LifecycleRow,
  Mds2Added,
  Mds2Detail,
  Mds2Row,
  Overview,
  Purchase,
  Supplier,
} from '@wardline/model';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect } from '../../testing/acts/stage.ts';
import { becomeTestpump } from '../../testing/advisory.ts';
import { runServer, type TestServer, until } from '../../testing/running-server.ts';
import { mds2File, purchaseDetails, supplierDetails } from '../../testing/suppliers.ts';
import { batch } from '../../testing/synthetic.ts';

const reason = 'a test of purchase and disposal';
let server: TestServer;
let client: pg.Client;
let device: AssetRow;

const json = async <T>(answer: Promise<Response>) => (await (await answer).json()) as T;
const status = async (answer: Promise<Response>) => (await answer).status;
const lifecycle = () => server.get<Lifecycle>(`assets/${device.id}/lifecycle`);
const move = (body: object) => server.post(`assets/${device.id}/lifecycle`, { reason, ...body });

beforeAll(async () => {
  server = await runServer();
  client = await connect(server);
  await server.post('intake/batches', batch(1, 2));
  const { items } = await until(
    () => server.get<{ items: AssetRow[] }>('assets'),
    (page) => page.items.length === 3,
  );
  device = items[0]!;
  await becomeTestpump(server, device, '1.5');
});
afterAll(async () => {
  await client?.end();
  await server?.close();
});

it('keeps suppliers, reminds of what ran out, and writes over nobody', async () => {
  const details = supplierDetails('Acme');
  const expired = { ...details, agreements: [{ ...details.agreements[0]!, expires: '2020-01-01' }] };
  const { id } = await json<{ id: string }>(server.post('suppliers', { ...expired, reason }));
  expect(await status(server.post('suppliers', { ...details, name: 'ACME', reason }))).toBe(409);
  const { reminders } = await server.get<{ reminders: Supplier['reminders'] }>('suppliers');
  expect(reminders).toMatchObject([{ supplier: id, kind: 'agreement', state: 'overdue', day: '2020-01-01' }]);
  const { todo } = await server.get<Overview>('overview');
  expect(todo.find((one) => one.id === 'supplier-agreements')).toMatchObject({
    link: '/suppliers',
    severity: 'high',
  });
  const change = (revision: number) =>
    server.send('PUT', `suppliers/${id}`, { ...details, revision, reason });
  expect([await status(change(1)), await status(change(1))]).toEqual([200, 409]);
  const text = 'Contact: mailto:psirt@acme.example\nExpires: 2021-01-01T00:00:00Z\n';
  expect(await status(server.post(`suppliers/${id}/security-txt`, { text, reason }))).toBe(200);
  expect(await status(server.post(`suppliers/${id}/security-txt`, { text: 'hello', reason }))).toBe(400);
  const { items } = await server.get<{ items: Supplier[] }>('suppliers');
  expect(items[0]).toMatchObject({
    revision: 3,
    disclosure: { contacts: ['mailto:psirt@acme.example'] },
    reminders: [{ kind: 'disclosure' }],
  });
});

it('holds a form against what was seen, from its cell to the packet', async () => {
  const added = await json<Mds2Added>(server.post('mds2', { ...mds2File, reason }));
  expect(added).toMatchObject({ outcome: 'added', fault: null });
  expect(await json<Mds2Added>(server.post('mds2', { ...mds2File, reason }))).toMatchObject({
    outcome: 'unchanged',
  });
  const { items } = await server.get<{ items: Mds2Row[] }>('mds2');
  expect(items).toMatchObject([{ id: added.id, vendor: 'Acme', model: 'Testpump 8000', edition: '2019' }]);
  // DICOM in clear was seen, and the form says that data are encrypted.
  const detail = await until(
    () => server.get<Mds2Detail>(`mds2/${added.id}`),
    ({ contradictions }) => contradictions.length > 0,
  );
  expect(detail).toMatchObject({ form: { assets: 1 }, contradictions: [{ asset: device.id }] });
  expect(detail.contradictions[0]!.summary).toContain('TXCF-2 "Yes" (pump.csv, row 4, column C)');
  expect(detail.answers.find(({ id }) => id === 'SAHD-9')).toMatchObject({
    value: 'yes',
    place: 'row 3, column C',
  });
  const { items: evidence } = await server.get<EvidenceList>('compliance/evidence');
  expect(evidence.find(({ query }) => query === 'procurement.claims-hold')).toMatchObject({
    outcome: 'fails',
    population: 1,
    failing: 1,
  });
});

it('refuses what is no form, and says where', async () => {
  const content = Buffer.from('hello').toString('base64');
  const refused = await json<Mds2Added>(server.post('mds2', { name: 'a.txt', content, reason }));
  expect(refused).toMatchObject({
    outcome: 'refused',
    id: null,
    fault: { message: expect.stringContaining('no questions') },
  });
  const pdf = readFileSync(new URL('../../../../../fixtures/mds2/form-2019.pdf', import.meta.url)).toString(
    'base64',
  );
  expect(await json<Mds2Added>(server.post('mds2', { name: 'a.pdf', content: pdf, reason }))).toMatchObject({
    outcome: 'added',
  });
});

it('scores, decides under conditions, and lets them follow the device into service', async () => {
  const { id } = await json<{ id: string }>(server.post('purchases', { ...purchaseDetails, reason }));
  const before = await server.get<Purchase>(`purchases/${id}`);
  expect(before).toMatchObject({ state: 'requested', mds2: expect.stringMatching(/^M-/), sbom: null });
  const commitments = { ...purchaseDetails.commitments, keyStorage: 'hardware', updateYears: 10 };
  const change = { ...purchaseDetails, commitments, revision: before.revision, reason };
  expect(await status(server.send('PUT', `purchases/${id}`, change))).toBe(200);
  const after = await server.get<Purchase>(`purchases/${id}`);
  expect(after.score.score).toBeGreaterThan(before.score.score);
  expect(await status(move({ to: 'commissioned', purchase: id }))).toBe(409);
  const conditions = [{ text: 'Patches within 30 days', due: '2027-01-01' }];
  const decide = (decision: string, list: unknown[]) =>
    server.post(`purchases/${id}/decision`, { decision, conditions: list, reason });
  expect([await status(decide('conditional', [])), await status(decide('conditional', conditions))]).toEqual([
    400, 200,
  ]);
  expect(await status(server.send('PUT', `purchases/${id}`, { ...change, revision: 3 }))).toBe(409);
  expect(await status(move({ to: 'commissioned', purchase: id }))).toBe(200);
  const { state, purchase, checks } = await lifecycle();
  expect({ state, title: purchase?.title }).toEqual({ state: 'commissioned', title: 'Pumps for ICU 3' });
  expect(checks.find((one) => one.title === 'Patches within 30 days')).toMatchObject({ answer: 'open' });
  const condition = purchase!.conditions[0]!.id;
  expect(await status(server.post(`purchases/${id}/conditions/${condition}`, { met: true, reason }))).toBe(
    200,
  );
  expect((await lifecycle()).checks.find((one) => one.title === 'Patches within 30 days')).toMatchObject({
    answer: 'done',
  });
});

it('takes identifiers from labels and from FHIR, and gives them out', async () => {
  expect(await status(server.post(`assets/${device.id}/udi`, { code: '(01)51022222233337', reason }))).toBe(
    400,
  );
  expect(
    await status(server.post(`assets/${device.id}/udi`, { code: '(01)51022222233336(21)SN-7', reason })),
  ).toBe(200);
  const fhir = await server.get<Record<string, unknown>>(`assets/${device.id}/fhir?release=R5`);
  expect(fhir).toMatchObject({
    resourceType: 'Device',
    serialNumber: 'SN-7',
    manufacturer: 'Acme',
    status: 'active',
  });
  const imported = await json<FhirImported>(
    server.post('lifecycle/fhir', { text: JSON.stringify(fhir), reason }),
  );
  expect(imported).toMatchObject({ matched: [], unmatched: [device.id] });
  await client.query("update asset set serial = 'SN-7' where id = $1", [device.id]);
  const again = await json<FhirImported>(
    server.post('lifecycle/fhir', { text: JSON.stringify(fhir), reason }),
  );
  expect(again).toMatchObject({ matched: [{ device: device.id, asset: device.id }], unmatched: [] });
});

it('lets a device go only with the record of its data, never back, and tells when it is seen again', async () => {
  expect(await status(move({ to: 'decommissioned' }))).toBe(400);
  expect(await status(move({ to: 'in-service' }))).toBe(200);
  const sanitisation = {
    method: 'purge',
    media: 'SSD',
    means: 'ATA sanitize',
    verification: 'full',
    verifiedBy: 'A. B.',
    destination: 'returned to the maker',
  };
  expect(
    await status(move({ to: 'decommissioned', sanitisation: { ...sanitisation, verifiedBy: '' } })),
  ).toBe(400);
  expect(await status(move({ to: 'decommissioned', sanitisation }))).toBe(200);
  expect(await status(move({ to: 'in-service' }))).toBe(409);
  const { history, leaving, may } = await lifecycle();
  expect(history.map(({ to }) => to)).toEqual(['decommissioned', 'in-service', 'commissioned']);
  expect(history[0]).toMatchObject({ sanitisation, reason });
  expect(leaving.find(({ id }) => id === 'sanitised')).toMatchObject({ answer: 'done' });
  expect(may).toEqual([]);
  const rows = await server.get<{ items: LifecycleRow[] }>('lifecycle?state=decommissioned');
  expect(rows.items).toMatchObject([{ asset: device.id, conditions: 0, device: '51022222233336' }]);
  await client.query('update lifecycle set since = 1 where asset_id = $1', [device.id]);
  const { todo } = await server.get<Overview>('overview');
  expect(todo.find(({ id }) => id === 'lifecycle-returned')).toMatchObject({ assets: 1 });
  expect((await lifecycle()).leaving.find(({ id }) => id === 'silent')).toMatchObject({ answer: 'open' });
});
