import { createHash } from 'node:crypto';
import type { ProductFile, ProductItem, ProductWeakness } from '@wardline/model';
import type { Papers } from '@wardline/updates';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Ceremony, type SealedImage } from '../../testing/firmware-ceremony.ts';
import { runServer, type TestServer, until } from '../../testing/running-server.ts';
import { SignedIn } from '../../testing/signed-in.ts';
import { productDetails, supplierDetails } from '../../testing/suppliers.ts';

const reason = 'a test of products';
let server: TestServer;
let ceremony: Ceremony;
let id: string;
let owner: string;
let version = 0;
const listed: SealedImage[] = [];

async function made<T>(path: string, body: object): Promise<T> {
  const answer = await server.post(path, { ...body, reason });
  expect(answer.status, await answer.clone().text()).toBe(200);
  return (await answer.json()) as T;
}
const file = () => server.get<ProductFile>(`products/${id}`);
const line = async (control: string): Promise<ProductItem> =>
  (await file()).checklist.find((one) => one.control === control)!;
const weakness = (of: ProductFile, name: string): ProductWeakness | undefined =>
  of.weaknesses.find((one) => one.id === name);

const sbomOf = (library: string): string =>
  JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    components: [
      {
        type: 'library',
        name: 'left-pad',
        version: library,
        purl: `pkg:npm/left-pad@${library}`,
        supplier: { name: 'Left Pad Foundation' },
      },
    ],
  });

const osv = JSON.stringify({
  id: 'GHSA-7001',
  modified: '2026-01-01T00:00:00Z',
  aliases: ['CVE-2026-7001'],
  affected: [
    {
      package: { ecosystem: 'npm', name: 'left-pad', purl: 'pkg:npm/left-pad' },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '1.3.0' }] }],
    },
  ],
});

/** Publishes an image with its bill of materials, as people do who hold the maker's keys. */
async function release(name: string, library: string, advisories: string[] = []): Promise<void> {
  const text = sbomOf(library);
  await made('firmware/papers', { kind: 'sbom', text, builderKey: '' });
  const papers: Papers = {
    sbom: createHash('sha256').update(text).digest('hex'),
    provenance: null,
    advisories,
  };
  const image = await ceremony.image(name, 8, `image ${name}`, papers);
  await ceremony.upload(image);
  listed.push(image);
  const targets = listed.map(({ target }) => target);
  const answer = await ceremony.publish([['braun', await ceremony.makerText(++version, targets)]]);
  expect(answer.status).toBe(200);
}

beforeAll(async () => {
  server = await runServer();
  ceremony = new Ceremony(server);
  const key = await ceremony.newKey();
  const documents = [
    ['root', await ceremony.rootText(1, [key])],
    ['targets', await ceremony.targetsText(1)],
    ['braun', await ceremony.makerText(++version, [])],
  ] as const;
  expect((await ceremony.publish(documents)).status).toBe(200);
  owner = `person:${(await made<{ id: string }>('people', { name: 'Product security' })).id}`;
  ({ id } = await made<{ id: string }>('products', productDetails));
});
afterAll(() => server?.close());

describe('a product security file', () => {
  it('is one for each product, of a class that there is, and changed by its revision', async () => {
    expect((await server.post('products', { ...productDetails, model: 'INFUSOMAT', reason })).status).toBe(
      409,
    );
    const strange = { ...productDetails, model: 'Other', deviceClass: 'no-such', reason };
    expect((await server.post('products', strange)).status).toBe(400);
    const change = { ...productDetails, cycleDays: 60, revision: 1, reason };
    expect((await server.send('PUT', `products/${id}`, change)).status).toBe(200);
    expect((await server.send('PUT', `products/${id}`, change)).status).toBe(409);
    expect((await file()).details.cycleDays).toBe(60);
  });

  it('has a threat model by its class, without any device, and calls nothing of it answered', async () => {
    const { threatModel, threats } = await file();
    expect(threatModel.map((one) => one.id)).toContain('therapy-changed');
    expect(threats).toMatchObject({ open: 0, mitigated: 0 });
    expect((await line('PM-threat-model')).status).toBe('unknown');
  });

  it('counts a threat as answered once somebody else has verified what answers it at its class', async () => {
    const told = await made<{ id: string }>('threats/therapy-changed/answers', {
      on: { kind: 'class', id: 'infusion-pump' },
      text: 'Orders are taken only with a signature',
    });
    const before = (await file()).threatModel.find((one) => one.id === 'therapy-changed')!;
    expect([before.standing, before.answers[0]!.verifiedBy]).toEqual(['unknown', null]);
    const other = new SignedIn(server);
    expect((await other.open(server.link!)).ok).toBe(true);
    const body = { evidence: 'tried it on a pump', days: 30, reason };
    expect((await other.send('POST', `threat-answers/${told.id}/verification`, body)).status).toBe(200);
    expect((await file()).threatModel.find((one) => one.id === 'therapy-changed')!.standing).toBe(
      'mitigated',
    );
  });

  it('learns of a weakness by bill of materials and advisory, and is red until it is planned', async () => {
    await release('3.0', '1.2.0');
    expect((await line('524B(b)(3)')).status).toBe('met');
    await made('advisories', { name: 'osv.json', text: osv });
    const found = await until(file, (one) => weakness(one, 'CVE-2026-7001') !== undefined);
    expect(weakness(found, 'CVE-2026-7001')).toMatchObject({ state: 'running', fix: null, plan: null });
    expect((await line('524B(b)(1)')).status).toBe('not-met');
    const plan = { weakness: 'CVE-2026-7001', version: '3.1', day: '2030-01-01', owner };
    await made(`products/${id}/plans`, plan);
    expect(weakness(await file(), 'CVE-2026-7001')!.plan).toMatchObject({
      version: '3.1',
      ownerName: 'Product security',
    });
    // Where strangers report to is still not known.
    expect((await line('524B(b)(1)')).status).toBe('unknown');
    const supplier = await made<{ id: string }>('suppliers', supplierDetails('B. Braun'));
    const text = 'Contact: mailto:psirt@braun.example\nExpires: 2035-01-01T00:00:00Z\n';
    await made(`suppliers/${supplier.id}/security-txt`, { text });
    expect(await line('524B(b)(1)')).toMatchObject({ status: 'met', basis: 'computed' });
    expect(
      (await server.post(`products/${id}/plans`, { ...plan, owner: 'person:nobody', reason })).status,
    ).toBe(400);
  });

  it('takes a release as the fix by its parts, not by a word that its parts contradict', async () => {
    await release('3.1', '1.2.0', ['CVE-2026-7001']);
    const settled = (count: number) =>
      until(file, ({ sboms }) => sboms.filter((one) => one.affected > 0).length === count);
    expect(weakness(await settled(2), 'CVE-2026-7001')!.fix).toBeNull();
    await release('3.2', '1.3.0');
    const mended = await until(file, (one) => weakness(one, 'CVE-2026-7001')?.fix !== null);
    expect(weakness(mended, 'CVE-2026-7001')).toMatchObject({
      state: 'fixed',
      fix: { version: '3.2', by: 'bill of materials' },
    });
    expect(mended.timeliness).toMatchObject({ known: 1, inTime: 1, overdue: 0, medianDays: 0 });
    expect((await line('524B(b)(2)(A)')).status).toBe('met');
    expect((await line('524B(b)(2)')).reason).toContain('without provenance');
  });

  it('counts a report of a weakness once it is found valid, and its fix by the day that was entered', async () => {
    const told = {
      title: 'Open port',
      vendor: 'B. Braun',
      model: 'Infusomat',
      description: 'Port 9100 answers.',
    };
    const { number } = await made<{ number: number }>('disclosures', {
      received: '2026-01-05',
      details: told,
      reporter: null,
    });
    const name = `report ${number}`;
    expect(weakness(await file(), name)).toBeUndefined();
    await made(`disclosures/${number}/steps/assess`, { day: '2026-01-10', outcome: 'valid' });
    expect(weakness(await file(), name)).toMatchObject({ state: 'overdue' });
    expect((await line('524B(b)(2)(A)')).status).toBe('not-met');
    await made(`disclosures/${number}/steps/fix`, { day: '2026-02-20' });
    expect(weakness(await file(), name)).toMatchObject({ state: 'fixed', fix: { by: 'report' } });
  });

  it('takes a person’s word by a document, until it is taken back', async () => {
    const said = {
      control: 'PM-test-penetration',
      statement: 'Tested by an outside laboratory in May',
      owner,
      document: 'pentest.pdf',
      sha256: 'ab'.repeat(32),
      until: new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10),
    };
    const word = await made<{ id: string }>(`products/${id}/words`, said);
    expect(await line('PM-test-penetration')).toMatchObject({
      status: 'met',
      basis: 'attested',
      word: { id: word.id },
    });
    for (const wrong of [
      { control: 'PM-none' },
      { owner: 'person:nobody' },
      { until: '2020-01-01' },
      { until: '2099-01-01' },
    ])
      expect((await server.post(`products/${id}/words`, { ...said, ...wrong, reason })).status).toBe(400);
    await made(`products/${id}/words/${word.id}/withdrawal`, {});
    expect((await line('PM-test-penetration')).status).toBe('unknown');
    expect((await server.post(`products/${id}/words/${word.id}/withdrawal`, { reason })).status).toBe(404);
  });
});
