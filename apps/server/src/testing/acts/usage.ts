import type { AssetUsage } from '@wardline/model';
import { HOUR } from '@wardline/watch';
import { until } from '../running-server.ts';
import { batch, conversation, EPOCH, endpoint } from '../synthetic.ts';
import { type Calls, reason, type Stage } from './stage.ts';

const WEEKS = 4;
const MINUTE = HOUR / 60;
/** One of the stage's devices. */
const device = endpoint(106);

/** Four weeks of a device that works at noon, and says something in every five minutes. */
async function watchWeeks({ server }: Stage): Promise<void> {
  const first = Math.floor(EPOCH / HOUR) * HOUR - WEEKS * 168 * HOUR;
  const quiet = { application: 'ntp', bytesFromClient: 90, bytesFromServer: 90 };
  const conversations = Array.from({ length: WEEKS * 168 * 6 }, (_, at) => {
    const from = first + at * 10 * MINUTE;
    const works = Math.floor(at / 6) % 24 === 12;
    return {
      ...conversation(device, endpoint(1), from),
      ...(works ? {} : quiet),
      slice: from,
      lastSeen: from + 9 * MINUTE,
    };
  });
  await server.post('intake/batches', { ...batch(1, 0, 'weeks'), sensor: 'weeks', conversations });
}

async function adopt(stage: Stage): Promise<Response> {
  const { server, assets, kept } = stage;
  const { id } = assets.find(({ ips }) => ips.includes(device.ip!))!;
  if (!kept.has('usage-watched')) {
    kept.set('usage-watched', 'yes');
    await watchWeeks(stage);
  }
  const { windows } = await until(
    () => server.get<AssetUsage>(`assets/${id}/usage`),
    (found) => found.windows.length > 0,
  );
  const { day, fromHour, hours } = windows[0]!;
  return server.post('usage/windows', { on: 'asset', onId: id, day, fromHour, hours, reason });
}

export const usageCalls: Calls = { 'usage.adopt': adopt };
