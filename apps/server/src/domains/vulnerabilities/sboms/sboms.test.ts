import type {
  AssetRow,
  ComponentRow,
  MatchRow,
  SbomAdded,
  SbomDifferencesAnswer,
  SbomFinding,
  SbomPart,
  SbomRow,
} from '@wardline/model';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { becomeTestpump, matchOf } from '../../../testing/advisory.ts';
import { runServer, type TestServer, until } from '../../../testing/running-server.ts';
import { batch } from '../../../testing/synthetic.ts';

let server: TestServer;
const reason = 'sent with the offer';

beforeAll(async () => {
  server = await runServer();
});
afterAll(() => server?.close());

const part = (name: string, version: string) => ({
  type: 'library',
  name,
  version,
  purl: `pkg:npm/${name}@${version}`,
});
const bom = (model: string, version: string, components: object[]) =>
  JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'device', name: model, version, supplier: { name: 'Acme' } } },
    components,
  });
const add = async (text: string, more: object = {}) =>
  (await (await server.post('sboms', { name: 'a.json', text, reason, ...more })).json()) as SbomAdded;
const sbomsOf = async (query: string) => (await server.get<{ items: SbomRow[] }>(`sboms?${query}`)).items;

it('keeps a bill of materials over time, whole or not at all', async () => {
  const first = await add(`${bom('Pump', '1.0', [part('left-pad', '1.0.0'), part('express', '4.0.0')])}\n\n`);
  expect(first).toMatchObject({ outcome: 'added', faults: [] });
  expect(
    await add(`${bom('Pump', '1.0', [part('left-pad', '1.0.0'), part('express', '4.0.0')])}\n\n`),
  ).toMatchObject({
    outcome: 'unchanged',
    id: first.id,
  });
  const second = await add(bom('Pump', '1.0', [part('left-pad', '1.0.0'), part('express', '4.1.0')]));
  expect((await sbomsOf('q=pump')).map(({ id }) => id)).toEqual([second.id]);
  expect(new Set((await sbomsOf('q=pump&current=no')).map(({ id }) => id))).toEqual(
    new Set([first.id, second.id]),
  );
  expect(
    await add('{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"x"}]}'),
  ).toMatchObject({
    outcome: 'refused',
    faults: [{ place: '/components/0', message: "must have required property 'name'" }],
  });
  expect(await add('{"bomFormat":"CycloneDX","specVersion":"1.6"}')).toMatchObject({ outcome: 'refused' });
  expect(await sbomsOf('current=no')).toHaveLength(2);
  const [entry] = (
    await server.get<{ items: { action: string; subject: string }[] }>('ledger?action=sbom.add')
  ).items;
  expect(entry).toMatchObject({
    subject: second.id,
    changes: { vendor: 'Acme', model: 'Pump', software: '1.0' },
  });
});

it('tells what is else between two versions', async () => {
  const [before] = await sbomsOf('q=pump');
  const after = await add(bom('Pump', '2.0', [part('express', '4.2.0'), part('lodash', '4.17.21')]));
  const found = await server.get<SbomDifferencesAnswer>(
    `sboms/differences?before=${before!.id}&after=${after.id}`,
  );
  expect(found.added.map(({ name }) => name)).toEqual(['lodash']);
  expect(found.removed.map(({ name }) => name)).toEqual(['left-pad']);
  expect(found.changed.map((one) => [one.after.name, one.what])).toEqual([
    ['Pump', ['version']],
    ['express', ['version']],
  ]);
});

it('finds where a component is', async () => {
  await add(
    bom('Monitor', '7', [
      part('express', '4.2.0'),
      { type: 'library', name: 'nought\u0000\ud800', version: '1' },
    ]),
  );
  const { items } = await server.get<{ items: ComponentRow[] }>('components?q=express%204.2');
  expect(items).toMatchObject([{ name: 'express', version: '4.2.0', models: 2, sboms: 2 }]);
  const places = await server.get<{ items: SbomRow[] }>(`components/${items[0]!.id}/products`);
  expect(places.items.map(({ model, software }) => `${model} ${software}`)).toEqual([
    'Monitor 7',
    'Pump 2.0',
  ]);
  const [monitor] = await sbomsOf('model=Monitor');
  const parts = await server.get<{ items: SbomPart[]; total: number }>(
    `sboms/${monitor!.id}/components?q=nought`,
  );
  expect(parts.items.map(({ name }) => name)).toEqual(['nought\ufffd']);
});

it('gives the document back byte for byte, and carried over to CycloneDX', async () => {
  const tags = [
    'SPDXVersion: SPDX-2.3\r\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: viewer',
    'DocumentNamespace: https://acme.example/viewer\nCreator: Organization: Acme\nCreated: 2026-01-02T03:04:05Z',
    'PackageName: zlib\nSPDXID: SPDXRef-z\nPackageVersion: 1.3\nPackageDownloadLocation: NOASSERTION # ä\n\n',
  ].join('\n');
  const { id } = await add(tags, { vendor: 'Acme', model: 'Viewer', software: '' });
  const answer = await server.raw(`/api/v1/sboms/${id}/document`);
  expect(await answer.text()).toBe(tags);
  const carried = (await (await server.raw(`/api/v1/sboms/${id}/document?as=cyclonedx`)).json()) as object;
  expect(carried).toMatchObject({ specVersion: '1.6', components: [{ name: 'zlib', version: '1.3' }] });
  expect((await server.raw('/api/v1/sboms/none/document')).status).toBe(404);
});

const osv = (id: string, name: string, fixed: string) =>
  JSON.stringify({
    id,
    modified: '2026-01-01T00:00:00Z',
    aliases: ['CVE-2026-0001'],
    affected: [
      {
        package: { ecosystem: 'npm', name, purl: `pkg:npm/${name}` },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed }] }],
      },
    ],
  });
const testpump = (software: string, more: object = {}) =>
  JSON.stringify({
    ...(JSON.parse(
      bom('Testpump 8000', software, [{ ...part('follow', '1.0.0'), 'bom-ref': 'f' }]),
    ) as object),
    ...more,
  });
const findingsOf = async (id: string | null) =>
  (await server.get<{ items: SbomFinding[] }>(`sboms/${id}/findings`)).items;

it('answers for the parts of a device, and for its maker’s word on them', async () => {
  await server.post('intake/batches', batch(1, 2));
  const page = await until(
    () => server.get<{ items: AssetRow[] }>('assets?sort=name'),
    ({ items }) => items.length > 1,
  );
  await becomeTestpump(server, page.items[0]!, '1.5');
  await server.post('advisories', { name: 'osv.json', text: osv('GHSA-1', 'follow', '1.2.0'), reason });
  const { id } = await add(testpump('1.5'));
  const match = await matchOf(server, 'affected');
  expect(match).toMatchObject({
    asset: page.items[0]!.id,
    component: 'follow 1.0.0',
    sbom: id,
    advisory: 'GHSA-1',
  });
  expect(match.reason).toMatch(/^follow 1\.0\.0 inside Acme Testpump 8000 1\.5: /);
  expect(await findingsOf(id)).toMatchObject([{ vulnerability: 'CVE-2026-0001', component: 'follow 1.0.0' }]);

  await becomeTestpump(server, page.items[0]!, '1.6');
  expect((await matchOf(server, 'unknown')).reason).toContain(
    'The device runs 1.6, so that this stays open.',
  );
  await becomeTestpump(server, page.items[0]!, '1.5');
  await matchOf(server, 'affected');

  const analysis = { state: 'not_affected', justification: 'code_not_reachable' };
  const vulnerabilities = [{ id: 'CVE-2026-0001', analysis, affects: [{ ref: 'f' }] }];
  const second = await add(testpump('1.5', { vulnerabilities }));
  expect(await matchOf(server, 'not-affected')).toMatchObject({ sbom: second.id, issuer: 'Acme' });
  const serial = '3e671687-395b-41f5-a30f-a58921a69b79';
  await add(testpump('1.5', { version: 2, serialNumber: `urn:uuid:${serial}` }));
  await matchOf(server, 'affected');
  const linked = (revision: number) => {
    const affects = [{ ref: `urn:cdx:${serial}/${revision}#f` }];
    const told = [{ id: 'CVE-2026-0001', analysis: { state: 'in_triage' }, affects }];
    return JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.5', version: 1, vulnerabilities: told });
  };
  expect(await add(linked(1))).toMatchObject({ outcome: 'refused', faults: [{ place: '/vulnerabilities' }] });
  expect(await add(linked(2))).toMatchObject({ outcome: 'added' });
  expect((await matchOf(server, 'unknown')).reason).toContain('under investigation for this product');
  await add(linked(2).replace('in_triage', 'exploitable'));
  await matchOf(server, 'affected');
  const later = osv('GHSA-2', 'follow', '1.2.0').replace('CVE-2026-0001', 'CVE-2026-0002');
  await server.post('advisories', { name: 'osv2.json', text: later, reason });
  expect(await add(testpump('1.5'))).toMatchObject({ outcome: 'added', id });
  await until(
    () => findingsOf(id),
    (items) => items.length === 2,
  );
  await until(
    async () => (await matchOf(server, 'affected')).advisory,
    (name) => name === 'GHSA-1',
  );
});

it('lets what the maker says of the device stand over what is said of its parts, and takes both back', async () => {
  const vex = {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': 'https://acme.example/vex',
    author: 'Acme',
    timestamp: '2026-01-02T03:04:05Z',
    version: 1,
    statements: [
      {
        vulnerability: { name: 'CVE-2026-0001' },
        products: [{ '@id': 'Acme Testpump 8000', subcomponents: [{ '@id': 'pkg:npm/follow@1.0.0' }] }],
        status: 'not_affected',
        justification: 'vulnerable_code_not_in_execute_path',
      },
    ],
  };
  await server.post('advisories', { name: 'vex.json', text: JSON.stringify(vex), reason });
  const match = await matchOf(server, 'not-affected');
  expect(match).toMatchObject({ component: null, advisory: vex['@id'] });
  expect(match.others).toMatchObject([{ advisory: 'GHSA-1', verdict: 'affected' }]);
  const again = osv('GHSA-1', 'follow', '0.9.0').replace('2026-01-01', '2026-02-01');
  await server.post('advisories', { name: 'osv.json', text: again, reason });
  const after = await until(
    async () => (await server.get<{ items: MatchRow[] }>('matches?vulnerability=CVE-2026-0001')).items,
    ([row]) => row?.others.length === 0,
  );
  expect(after).toMatchObject([{ verdict: 'not-affected', others: [] }]);
});
