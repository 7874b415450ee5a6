import { type AssetFirmware, formatMicros } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import type { Executor } from '../../../store/database.ts';

const TOLD = 100;

/** What a device told that it runs, and which rollouts it was part of, newest first. */
export async function assetFirmware({ database, now }: Context, asset: string): Promise<AssetFirmware> {
  const [running, rollouts, offered] = [
    await runningOf(database, asset),
    await rolloutsOf(database, asset),
    await offeredFor(database, asset),
  ];
  return { asOf: formatMicros(now()), running, rollouts, offered };
}

async function runningOf(database: Executor, asset: string): Promise<AssetFirmware['running']> {
  const { rows } = await sql<
    Omit<AssetFirmware['running'][number], 'since' | 'heard'> & { at: number; heard: number }
  >`
    select at, heard, version, security_version as "securityVersion", sha256, on_trial as "onTrial"
    from firmware_running where asset = ${asset} order by at desc limit ${TOLD}`.execute(database);
  return rows.map(({ at, heard, ...row }) => ({
    since: formatMicros(at),
    heard: formatMicros(heard),
    ...row,
  }));
}

async function rolloutsOf(database: Executor, asset: string): Promise<AssetFirmware['rollouts']> {
  type Row = AssetFirmware['rollouts'][number];
  const { rows } = await sql<Omit<Row, 'begun' | 'heard'> & { begun: number; heard: number | null }>`
    select o.id, r.version, o.begun, o.state as "rolloutState", d.wave, d.state, d.before, d.heard, d.because
    from firmware_rollout_device d join firmware_rollout o on o.id = d.rollout
      join firmware_release r on r.path = o.path and r.sha256 = o.sha256
    where d.asset = ${asset} order by o.begun desc limit ${TOLD}`.execute(database);
  return rows.map(({ begun, heard, ...row }) => ({
    ...row,
    begun: formatMicros(begun),
    heard: heard === null ? null : formatMicros(heard),
  }));
}

async function offeredFor(database: Executor, asset: string): Promise<string | null> {
  const { rows } = await sql<{ version: string }>`
    select r.version from firmware_release r join asset a on lower(a.vendor) = lower(r.manufacturer) and lower(a.model) = lower(r.model)
    where a.id = ${asset} and r.withdrawn is null order by r.security_version desc, r.published desc limit 1`.execute(
    database,
  );
  return rows[0]?.version ?? null;
}
