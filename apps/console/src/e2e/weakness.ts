import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Proposals } from '@wardline/model';
import type { FeedList, ImportJob, MatchList } from '../api/types.ts';
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

export async function send<T>(stage: Stage, path: string, body: object): Promise<T> {
  const token = (await readFile(join(stage.server.dataDir, 'cli-token'), 'utf8')).trim();
  const answer = await fetch(new URL(`/api/v1${path}`, stage.server.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, reason: 'a test' }),
  });
  return (await answer.json()) as T;
}

/** Hands it over as the command line does, and waits for the answers. */
export async function addWeakness(stage: Stage): Promise<string> {
  await send(stage, '/advisories', { name: 'made-up.json', text: JSON.stringify(record) });
  for (;;) {
    const { items } = await stage.ask<MatchList>('/matches?vulnerability=CVE-2026-0003');
    if (items[0] !== undefined) return items[0].asset;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** A draft of what the sample's traffic needs, proposed too; its address. */
export async function addPolicy(stage: Stage): Promise<string> {
  const { proposals } = await stage.ask<Proposals>('/segmentation/proposals');
  const conduits = proposals.map(({ name }) => name);
  const { id } = await send<{ id: string }>(stage, '/segmentation/drafts/learnt', {
    name: 'Wards',
    conduits,
  });
  await send(stage, `/segmentation/drafts/${id}/proposal`, {});
  return `/segmentation/drafts/${id}`;
}

/** An incident with a possible breach, of which a clock runs. */
export async function addIncident(stage: Stage, asset: string): Promise<number> {
  const opened = {
    playbook: 'compromised-infusion-pump',
    title: 'A pump that speaks to the internet',
    assets: [asset],
  };
  const { number } = await send<{ number: number }>(stage, '/incidents', opened);
  const open = { weight: 'unknown', reason: '' };
  const facts = {
    known: '2026-11-20',
    shouldHaveKnown: null,
    secured: 'no',
    exception: null,
    factors: { nature: open, recipient: open, acquired: open, mitigated: open },
    individuals: null,
    mostInOneState: null,
    role: 'covered-entity',
    delay: null,
  };
  await send(stage, `/incidents/${number}/breach`, { facts });
  return number;
}

/** Two versions of a product of which one part is weak by an advisory; the id of the later one. */
export async function addSboms(stage: Stage): Promise<string> {
  const osv = {
    id: 'GHSA-0000-0000-0001',
    modified: '2026-01-01T00:00:00Z',
    aliases: ['CVE-2026-0004'],
    summary: 'Made up for a test.',
    affected: [
      {
        package: { ecosystem: 'npm', name: 'left-pad' },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '1.3.0' }] }],
      },
    ],
  };
  await send(stage, '/advisories', { name: 'osv.json', text: JSON.stringify(osv) });
  await send(stage, '/sboms', {
    name: 'pump-1.json',
    text: sbomOf('1.0', ['express@4.0.0', 'left-pad@1.0.0']),
  });
  const parts = ['express@4.1.0', 'left-pad@1.1.0', 'lodash@4.17.21'];
  const { id } = await send<{ id: string }>(stage, '/sboms', {
    name: 'pump-2.json',
    text: sbomOf('2.0', parts),
  });
  for (;;) {
    const { items } = await stage.ask<{ items: unknown[] }>(`/sboms/${id}/findings`);
    if (items.length > 0) return id;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const sbomOf = (version: string, parts: readonly string[]): string =>
  JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'device', name: 'Infusomat', version, supplier: { name: 'B. Braun' } } },
    components: parts.map((part) => ({
      type: 'library',
      name: part.split('@')[0],
      version: part.split('@')[1],
      purl: `pkg:npm/${part}`,
      licenses: [{ license: { id: 'MIT' } }],
    })),
  });

/** A mirror with a document that is whole and one that is cut off, taken in; another that is not there. */
export async function addFaultyFeed(stage: Stage): Promise<string> {
  const { items } = await stage.ask<FeedList>('/feeds');
  const [known] = items;
  if (known !== undefined) return known.id;
  const folder = join(stage.server.dataDir, 'mirrors', 'made-up');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'whole.json'), JSON.stringify(record));
  await writeFile(join(folder, 'cut-off.json'), JSON.stringify(record).slice(0, 200));
  const { id } = await send<{ id: string }>(stage, '/feeds', { name: 'A mirror', location: 'made-up' });
  await send(stage, '/feeds', { name: 'Nowhere', location: 'nowhere' });
  for (;;) {
    const { items: feeds } = await stage.ask<FeedList>('/feeds');
    if (feeds.length === 2 && feeds.every(({ state }) => state === 'done' || state === 'failed')) return id;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** A secret that people change by hand, which somebody has taken out and given back. Resolves to its id. */
export async function addSecret(stage: Stage, asset: string): Promise<string> {
  const body = { asset, account: 'service', kind: 'kept', everyDays: 90, value: { password: 'made up' } };
  const { id } = await send<{ id: string }>(stage, '/secrets', body);
  const { checkout } = await send<{ checkout: string }>(stage, `/secrets/${id}/checkouts`, { minutes: 30 });
  await send(stage, `/secrets/${id}/checkouts/${checkout}/return`, {});
  return id;
}

/** What a scanner found open on a device: a debugger, and Telnet that nobody uses. */
export async function addScan(stage: Stage, ip: string): Promise<void> {
  const port = (number: number, name: string) =>
    `<port protocol="tcp" portid="${number}"><state state="open"/><service name="${name}" method="probed"/></port>`;
  const ports = `<ports>${port(5555, 'adb')}${port(23, 'telnet')}</ports>`;
  const host = `<host endtime="1772323260"><status state="up" reason="echo-reply"/><address addr="${ip}" addrtype="ipv4"/>${ports}</host>`;
  const token = (await readFile(join(stage.server.dataDir, 'cli-token'), 'utf8')).trim();
  const answer = await fetch(new URL('/api/v1/imports?name=nmap.xml', stage.server.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
    body: `<?xml version="1.0"?>\n<!DOCTYPE nmaprun>\n<nmaprun version="7.93">${host}</nmaprun>`,
  });
  let job = (await answer.json()) as ImportJob;
  while (job.finishedAt === null) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    job = await stage.ask<ImportJob>(`/imports/${job.id}`);
  }
}
