import type { AssetRow, SiteList } from '@wardline/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runServer, type TestServer, until } from '../../testing/running-server.ts';
import { batch } from '../../testing/synthetic.ts';

let server: TestServer;
let north: number;
beforeAll(async () => {
  server = await runServer();
  const added = await server.post('sites', {
    name: 'North',
    region: 'Coast',
    timeZone: 'Europe/Berlin',
    reason: 'a second house',
  });
  north = ((await added.json()) as { id: number }).id;
});
afterAll(() => server?.close());

const problemOf = async (response: Response) => {
  const { detail } = (await response.json()) as { detail: string };
  return { status: response.status, detail };
};
const tokenBody = (sensor: string, sites: number[] | null) => ({
  name: sensor,
  sensor,
  role: null,
  sites,
  certificate: null,
  expires: new Date(Date.now() + 86_400_000).toISOString(),
  reason: 'a sensor at a site',
});

async function sensorAt(sensor: string, sites: number[] | null): Promise<Record<string, string>> {
  const made = (await (await server.post('tokens', tokenBody(sensor, sites))).json()) as { secret: string };
  return { authorization: `Bearer ${made.secret}`, 'content-type': 'application/json' };
}

async function handIn(sensor: string, sites: number[] | null, rows: number): Promise<number> {
  const headers = await sensorAt(sensor, sites);
  const body = JSON.stringify({ ...batch(1, rows), sensor });
  return (await server.raw('/api/v1/intake/batches', { method: 'POST', headers, body })).status;
}

const assetsAt = (site: number) => server.get<{ items: AssetRow[]; total: number }>(`assets?site=${site}`);

describe('the same addresses at two sites', () => {
  it('are two devices, each at the site of its sensor', async () => {
    expect(await handIn('south-1', null, 4)).toBe(200);
    expect(await handIn('north-1', [north], 4)).toBe(200);
    const there = await until(
      () => assetsAt(north),
      ({ total }) => total === 5,
    );
    const here = await until(
      () => assetsAt(1),
      ({ total }) => total === 5,
    );
    expect(there.items.map(({ ips }) => ips)).toEqual(here.items.map(({ ips }) => ips));
    const ids = [...there.items, ...here.items].map(({ id }) => id);
    expect(new Set(ids).size).toBe(10);
    expect(new Set(there.items.map(({ site }) => site))).toEqual(new Set([north]));
  });

  it('keep their names when more is seen of them', async () => {
    const before = (await assetsAt(north)).items.map(({ id }) => id);
    const headers = await sensorAt('north-2', [north]);
    const body = JSON.stringify({ ...batch(2, 8), sensor: 'north-2', number: 1 });
    await server.raw('/api/v1/intake/batches', { method: 'POST', headers, body });
    const after = await until(
      () => assetsAt(north),
      ({ total }) => total > 5,
    );
    expect(after.items.map(({ id }) => id)).toEqual(expect.arrayContaining(before));
    expect((await assetsAt(1)).total).toBe(5);
  });

  it('are not merged into one', async () => {
    const assets = [(await assetsAt(1)).items[0]!.id, (await assetsAt(north)).items[0]!.id];
    expect(await problemOf(await server.post('identity/merge', { assets, reason: 'a try' }))).toEqual({
      status: 400,
      detail: expect.stringContaining('different sites'),
    });
  });

  it('are counted by site, by its name', async () => {
    const { facets } = await server.get<{
      facets: { field: string; values: { label: string; count: number }[] }[];
    }>('assets/facets');
    const counts = facets.find(({ field }) => field === 'site')!.values;
    expect(counts.map(({ label }) => label).toSorted()).toEqual(['Main site', 'North']);
  });
});

describe('sites', () => {
  it('are listed with their sensors and what was seen there', async () => {
    const { items } = await server.get<SiteList>('sites');
    expect(items).toMatchObject([
      { id: 1, name: 'Main site', sensors: ['south-1'], assets: 5 },
      {
        id: north,
        name: 'North',
        region: 'Coast',
        timeZone: 'Europe/Berlin',
        sensors: ['north-1', 'north-2'],
      },
    ]);
    expect(items[0]!.lastBatch).not.toBeNull();
  });

  it.each([
    ['a name that is taken', 'sites', { name: 'north', reason: 'twice' }, 409],
    ['a time zone that is none', 'sites', { name: 'West', timeZone: 'Moon/Base', reason: 'a try' }, 400],
    ['a site that is not there', 'sites/99', { name: 'West', reason: 'a try' }, 404],
    ['a sensor of two sites', 'tokens', tokenBody('both', [1, 2]), 400],
    ['a sensor of a site that is not there', 'tokens', tokenBody('nowhere', [99]), 400],
  ])('refuse %s', async (_what, path, body, status) => {
    expect((await server.post(path, body)).status).toBe(status);
  });

  it('take a capture in where it was recorded', async () => {
    const headers = { 'content-type': 'application/octet-stream' };
    const nowhere = await server.raw('/api/v1/imports?site=99', { method: 'POST', headers, body: 'x' });
    expect(await problemOf(nowhere)).toEqual({ status: 400, detail: 'site: there is no site 99' });
  });
});
