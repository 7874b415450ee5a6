import type { FirmwareKey } from '@wardline/model';
import { Ceremony } from '../firmware-ceremony.ts';
import type { Calls, Stage } from './stage.ts';

interface Held {
  ceremony: Ceremony;
  key: FirmwareKey;
  version: number;
  images: number;
  isReleased: boolean;
}

const ceremonies = new WeakMap<Stage, Held>();

async function ceremonyOf(stage: Stage) {
  const found = ceremonies.get(stage);
  if (found !== undefined) return found;
  const ceremony = new Ceremony(stage.server);
  const made = { ceremony, key: await ceremony.newKey(), version: 0, images: 0, isReleased: false };
  ceremonies.set(stage, made);
  return made;
}

/** The next root each time; with the first come the roles that it needs. */
async function publish(stage: Stage): Promise<Response> {
  const held = await ceremonyOf(stage);
  const { ceremony, key, version } = held;
  const root = ['root', await ceremony.rootText(version + 1, [key])] as const;
  const first = [
    ['targets', await ceremony.targetsText(1)],
    ['braun', await ceremony.makerText(1, [])],
  ] as const;
  const response = await ceremony.publish(version === 0 ? [root, ...first] : [root]);
  if (response.ok) held.version++;
  return response;
}

async function upload(stage: Stage): Promise<Response> {
  const held = await ceremonyOf(stage);
  return held.ceremony.upload(await held.ceremony.image(`0.${held.images++}`, 1));
}

/** One of the stage's assets counts as the pump that the release is for. */
async function withPump(stage: Stage): Promise<{ asset: string; path: string }> {
  const held = await ceremonyOf(stage);
  if (held.version === 0) await publish(stage);
  if (!held.isReleased) {
    const image = await held.ceremony.image('9.0', 9);
    await held.ceremony.upload(image);
    held.isReleased = (
      await held.ceremony.publish([['braun', await held.ceremony.makerText(2, [image.target])]])
    ).ok;
  }
  const asset = stage.assets[0]!.id;
  await stage.client.query(
    `update asset set vendor = 'B. Braun', model = 'Infusomat', software = '1.0' where id = $1`,
    [asset],
  );
  return { asset, path: 'braun/infusomat/9.0.age' };
}

const plan = {
  waves: [100],
  mostFailed: 0,
  leastDone: 100,
  soakMinutes: 0,
  atOnce: 1,
  installMinutes: 30,
  silentMinutes: 60,
  kilobytesPerSecond: null,
  window: { fromHour: 0, hours: 24, timeZone: 'UTC' },
};

async function make(stage: Stage): Promise<Response> {
  const { path } = await withPump(stage);
  await stage.client.query(`update firmware_rollout set state = 'stopped' where state <> 'stopped'`);
  return stage.server.post('firmware/rollouts', { path, plan, reason: 'test' });
}

/** The last rollout, in a state in which the next act can be done. */
async function rolloutIn(stage: Stage, state: string, device: string): Promise<string> {
  const { asset } = await withPump(stage);
  const { rows } = await stage.client.query('select id from firmware_rollout order by begun desc limit 1');
  const { id } = (rows as { id: string }[])[0]!;
  await stage.client.query('update firmware_rollout set state = $2, settled = null where id = $1', [
    id,
    state,
  ]);
  await stage.client.query('update firmware_rollout_device set state = $2 where rollout = $1', [id, device]);
  // Traffic of this minute, and none of care: the device is seen to be idle.
  await stage.client.query(`update conversation set application = '', last_seen = $1`, [Date.now() * 1000]);
  return `firmware/rollouts/${id}/devices/${asset}`;
}

async function step(stage: Stage): Promise<Response> {
  const device = await rolloutIn(stage, 'running', 'waiting');
  return stage.server.post(`${device.slice(0, device.indexOf('/devices'))}/steps`, {
    step: 'pause',
    reason: 'test',
  });
}

const begin = async (stage: Stage): Promise<Response> =>
  stage.server.post(`${await rolloutIn(stage, 'running', 'waiting')}/question`, { use: 'idle' });

const report = async (stage: Stage): Promise<Response> =>
  stage.server.post(`${await rolloutIn(stage, 'running', 'installing')}/outcome`, { outcome: 'done' });

let papers = 0;
/** Another bill of materials each time. */
const attach = ({ server }: Stage): Promise<Response> => {
  const text = JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: ++papers,
    components: [],
  });
  return server.post('firmware/papers', { kind: 'sbom', text, reason: 'test' });
};

export const firmwareCalls: Calls = {
  'firmware.key-make': ({ server }) => server.post('firmware/keys', { reason: 'test' }),
  'firmware.upload': upload,
  'firmware.attach': attach,
  'firmware.publish': publish,
  'rollout.make': make,
  'rollout.step': step,
  'rollout.begin': begin,
  'rollout.report': report,
};
