import { createHash } from 'node:crypto';
import type { AssetRow, FirmwareRelease, RiskRow } from '@wardline/model';
import type { Papers } from '@wardline/updates';
import { Builder, slsa1 } from '@wardline/updates/testing/built';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { matchOf } from '../../testing/advisory.ts';
import { Ceremony, type SealedImage } from '../../testing/firmware-ceremony.ts';
import { runServer, type TestServer, until } from '../../testing/running-server.ts';
import { batch } from '../../testing/synthetic.ts';

let server: TestServer;
let ceremony: Ceremony;
const builder = new Builder();
const listed: SealedImage[] = [];
let version = 0;

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
});
afterAll(() => server?.close());

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
const none: Papers = { sbom: null, provenance: null, advisories: [] };

const sbomOf = (library: string): string =>
  JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    components: [
      { type: 'library', name: 'openssl', version: library, purl: `pkg:generic/openssl@${library}` },
    ],
  });

const handIn = (kind: 'sbom' | 'provenance', text: string, builderKey = '') =>
  server.post('firmware/papers', { kind, text, builderKey, reason: 'a release' });

/** Publishes an image with papers beside what is listed; the answer's words where it is refused. */
async function release(name: string, papers: Papers): Promise<string> {
  const image = await ceremony.image(name, 8, `image ${name}`, papers);
  await ceremony.upload(image);
  const targets = [...listed, image].map(({ target }) => target);
  const answer = await ceremony.publish([['braun', await ceremony.makerText(version + 1, targets)]]);
  if (!answer.ok) return ((await answer.json()) as { detail: string }).detail;
  version += 1;
  listed.push(image);
  return 'published';
}

const releaseOf = async (name: string): Promise<FirmwareRelease> =>
  (await server.get<{ items: FirmwareRelease[] }>('firmware/releases')).items.find(
    (one) => one.version === name,
  )!;
const built = (image: string) => builder.envelope(slsa1(digest(image)));
const signedBy = (text: string) => ({ sha256: digest(text), builderKey: builder.keyDigest });

describe('a bill of materials', () => {
  it('is refused where it is none', async () => {
    expect((await handIn('sbom', 'no document')).status).toBe(400);
  });

  it('has to be here before its image is published, and is that of the model and version from then on', async () => {
    const text = sbomOf('3.0.1');
    expect(await release('3.0', { ...none, sbom: digest(text) })).toContain('bill of materials first');
    expect(await (await handIn('sbom', text)).json()).toEqual({ sha256: digest(text), isNew: true });
    expect(await (await handIn('sbom', text)).json()).toMatchObject({ isNew: false });
    expect(await release('3.0', { ...none, sbom: digest(text), advisories: ['CVE-2026-1'] })).toBe(
      'published',
    );
    const { sbom, sbomSha256, advisories, provenance } = await releaseOf('3.0');
    expect({ sbomSha256, advisories, provenance }).toEqual({
      sbomSha256: digest(text),
      advisories: ['CVE-2026-1'],
      provenance: null,
    });
    const { items } = await server.get<{ items: object[] }>('sboms?q=infusomat');
    expect(items).toMatchObject([{ id: sbom, vendor: 'B. Braun', model: 'Infusomat', software: '3.0' }]);
    const parts = await server.get<{ items: { name: string }[] }>(`sboms/${sbom}/components`);
    expect(parts.items.map(({ name }) => name)).toEqual(['openssl']);
  });

  it('may be signed with an image later', async () => {
    expect(await release('3.1', none)).toBe('published');
    expect((await releaseOf('3.1')).sbom).toBeNull();
    const text = sbomOf('3.0.2');
    await handIn('sbom', text);
    const { target } = listed.pop()!;
    const firmware = target.custom!.firmware as object;
    listed.push({
      bytes: Buffer.of(),
      target: { ...target, custom: { firmware: { ...firmware, papers: { sbom: digest(text) } } } },
    });
    const targets = listed.map((one) => one.target);
    expect((await ceremony.publish([['braun', await ceremony.makerText(++version, targets)]])).status).toBe(
      200,
    );
    expect((await releaseOf('3.1')).sbom).not.toBeNull();
  });
});

describe('provenance', () => {
  it('is refused where the builder did not sign it', async () => {
    const stranger = new Builder();
    const answer = await handIn('provenance', built('image 3.2'), stranger.publicKey);
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { detail: string }).detail).toContain('not signed');
  });

  it('says who built an image, and has to be of this very image and builder', async () => {
    const text = built('image 3.2');
    const other = built('image 9.9');
    for (const one of [text, other])
      expect((await handIn('provenance', one, builder.publicKey)).status).toBe(200);
    expect(await release('3.2', { ...none, provenance: signedBy(other) })).toContain('of other things');
    const claimed = { ...signedBy(text), builderKey: 'ab'.repeat(32) };
    expect(await release('3.2', { ...none, provenance: claimed })).toContain('another builder');
    expect(await release('3.2', { ...none, provenance: signedBy(text) })).toBe('published');
    expect((await releaseOf('3.2')).provenance).toMatchObject({
      builder: 'https://build.example/line-4',
      source: { uri: 'git+https://git.example/pump@refs/tags/v2.1' },
      builderKey: builder.keyDigest,
    });
    const acts = await server.get<{ items: { action: string }[] }>('ledger?action=firmware.attach');
    expect(acts.items.length).toBe(4);
  });
});

it('a release has the devices that run it scored again, by the parts that its bill of materials names', async () => {
  const withPart = (number: string) =>
    JSON.stringify({
      bomFormat: 'CycloneDX',
      specVersion: '1.5',
      version: 1,
      components: [{ type: 'library', name: 'follow', version: number, purl: `pkg:npm/follow@${number}` }],
    });
  const bring = async (name: string, text: string) => {
    await handIn('sbom', text);
    expect(await release(name, { ...none, sbom: digest(text) })).toBe('published');
  };
  await server.post('intake/batches', batch(1, 2));
  const { items } = await until(
    () => server.get<{ items: AssetRow[] }>('assets?sort=name'),
    (page) => page.items.length > 1,
  );
  const device = items[0]!.id;
  const runs = async (software: string) => {
    const values = { vendor: 'B. Braun', model: 'Infusomat', software };
    for (const [attribute, value] of Object.entries(values))
      await server.post(`assets/${device}/approvals`, { attribute, value, reason: 'read from its label' });
  };
  await runs('4.0');
  const advisory = {
    id: 'GHSA-1',
    modified: '2026-01-01T00:00:00Z',
    aliases: ['CVE-2026-0001'],
    affected: [
      {
        package: { ecosystem: 'npm', name: 'follow', purl: 'pkg:npm/follow' },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '1.2.0' }] }],
      },
    ],
  };
  await server.post('advisories', { name: 'osv.json', text: JSON.stringify(advisory), reason: 'a test' });
  const risks = async () =>
    (await server.get<{ items: RiskRow[] }>('risks')).items.filter(
      ({ source }) => source === 'CVE-2026-0001',
    );
  expect(await risks()).toEqual([]);

  await bring('4.0', withPart('1.0.0'));
  expect(await matchOf(server, 'affected')).toMatchObject({ asset: device, component: 'follow 1.0.0' });
  expect(await until(risks, (found) => found.length > 0)).toMatchObject([{ assets: 1, closed: null }]);
  await bring('4.1', withPart('1.2.0'));
  await runs('4.1');
  await until(risks, (found) => found.every(({ closed }) => closed !== null));
});
