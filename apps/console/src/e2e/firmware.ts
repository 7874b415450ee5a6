import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ceremony } from '@wardline/server/testing/firmware-ceremony';
import type { AssetList } from '../api/types.ts';
import type { Stage } from './stage.ts';

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
  const image = await ceremony.image('99.1', 9);
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
