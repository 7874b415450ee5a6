import type { AssetUsage } from '@wardline/model';
import { EPOCH, endpoint } from '../synthetic.ts';
import { type Calls, reason, type Stage } from './stage.ts';

const HOUR = 3_600_000_000;
const WEEKS = 4;
/** One of the stage's devices. */
const device = endpoint(106);

/**
 * Four weeks of a device that works at noon and says something in each hour, as the rounds would have kept them: intake may stand
 * still while acts are tried.
 */
async function watchWeeks({ client }: Stage): Promise<void> {
  const until = Math.floor(EPOCH / HOUR) * HOUR;
  const from = until - WEEKS * 168 * HOUR;
  await client.query(
    `insert into usage_watched (site, listener, hour, pieces, due)
     select 1, 'weeks', hour, 4095, false from generate_series($1::bigint, $2::bigint, $3::bigint) hour`,
    [from, until, HOUR],
  );
  const { rows } = await client.query<{ id: string }>('select id from endpoint where ip = $1', [device.ip]);
  const id = rows[0]!.id;
  await client.query(`insert into usage_heard_by (endpoint_id, listener) values ($1, 'weeks')`, [id]);
  await client.query(
    `insert into usage_day (endpoint_id, day, work, hours)
     select $1, day, work, hours from generate_series($2::int, $3::int) day,
       (values ('', 16777215), ('dicom', 4096)) as of (work, hours)
     on conflict (endpoint_id, day, work) do update set hours = excluded.hours`,
    [id, Math.floor(from / HOUR / 24), Math.floor(until / HOUR / 24)],
  );
}

async function adopt(stage: Stage): Promise<Response> {
  const { server, assets, kept } = stage;
  const { id } = assets.find(({ ips }) => ips.includes(device.ip!))!;
  if (!kept.has('usage-watched')) await watchWeeks(stage);
  kept.set('usage-watched', 'yes');
  const { windows } = await server.get<AssetUsage>(`assets/${id}/usage`);
  const { day, fromHour, hours } = windows[0]!;
  return server.post('usage/windows', { on: 'asset', onId: id, day, fromHour, hours, reason });
}

export const usageCalls: Calls = { 'usage.adopt': adopt };
