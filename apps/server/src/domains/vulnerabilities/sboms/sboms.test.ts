import type { ComponentRow, SbomAdded, SbomDifferencesAnswer, SbomPart, SbomRow } from '@wardline/model';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runServer, type TestServer } from '../../../testing/running-server.ts';

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
