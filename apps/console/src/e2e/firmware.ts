import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ceremony } from '@wardline/server/testing/firmware-ceremony';
import { Builder, slsa1 } from '@wardline/updates/testing/built';
import type { AssetList } from '../api/types.ts';
import type { Stage } from './stage.ts';

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A release for a model of the sample hospital, and its rollout, in which one device is asked and waits. Resolves to both. */
export async function addRollout(stage: Stage): Promise<{ rollout: string; asset: string }> {
  const token = (await readFile(join(stage.server.dataDir, 'cli-token'), 'utf8')).trim();
  const raw = (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${token}`);
    return fetch(new URL(path, stage.server.url), { ...init, headers });
  };
  const post = (path: string, body: unknown) =>
    raw(`/api/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const { items } = await stage.ask<AssetList>('/assets?limit=200');
  const asset = items.find(({ vendor, model, software }) => vendor && model && software)!;
  const ceremony = new Ceremony({ post, raw }, { manufacturer: asset.vendor!, model: asset.model! });
  const key = await ceremony.newKey();
  const builder = new Builder();
  const built = builder.envelope(slsa1(digestOf('image 99.1')));
  const sbom = JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    components: [{ type: 'library', name: 'zlib', version: '1.3.1' }],
  });
  const reason = 'comes with 99.1';
  await post('firmware/papers', { kind: 'sbom', text: sbom, reason });
  await post('firmware/papers', { kind: 'provenance', text: built, builderKey: builder.publicKey, reason });
  const image = await ceremony.image('99.1', 9, 'image 99.1', {
    sbom: digestOf(sbom),
    provenance: { sha256: digestOf(built), builderKey: builder.keyDigest },
    advisories: ['CVE-2026-0003'],
  });
  await ceremony.upload(image);
  await ceremony.publish([
    ['root', await ceremony.rootText(1, [key])],
    ['targets', await ceremony.targetsText(1)],
    ['braun', await ceremony.makerText(1, [image.target])],
  ]);
  const plan = {
    waves: [25, 100],
    mostFailed: 5,
    leastDone: 95,
    soakMinutes: 1440,
    atOnce: 20,
    installMinutes: 30,
    silentMinutes: 120,
    kilobytesPerSecond: null,
    window: null,
  };
  const body = { path: image.target.path, plan, reason: 'closes a weakness' };
  const { id } = (await (await post('firmware/rollouts', body)).json()) as { id: string };
  await post(`firmware/rollouts/${id}/devices/${asset.id}/question`, { use: 'idle' });
  return { rollout: id, asset: asset.id };
}
