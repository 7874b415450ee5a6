import { deviceAskBody, deviceReportBody, deviceRunningBody } from '@wardline/model';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import type { App } from '../../../http/routes.ts';
import type { Executor } from '../../../store/database.ts';
import { shownDevice } from '../../identity/index.ts';
import { sendImage, sendMetadata } from '../repository-routes.ts';
import { askToBegin, takeOutcome } from '../rollouts/step.ts';
import { Instructions } from './instruction.ts';
import { takeRunning } from './running.ts';
import { throttled } from './throttled.ts';

const config = { action: 'firmware.device', open: true } as const;
const KIBIBYTE = 1024;

/**
 * What a device comes for through the door of devices: the repository, its own instruction, and its word on how it went. Who it is its
 * certificate says; none speaks for another.
 */
export function deviceFirmwareRoutes(app: App, context: Context): void {
  repository(app, context);
  words(app, context);
}

function repository(app: App, context: Context): void {
  const { database } = context;
  app.get(
    '/device/v1/firmware/metadata/:file',
    { config, schema: { hide: true, params: z.object({ file: z.string().max(300) }) } },
    async ({ params, raw }, reply) => {
      await shownDevice(context, raw.socket);
      return sendMetadata(database, params.file, reply);
    },
  );
  app.get(
    '/device/v1/firmware/targets/*',
    { config, schema: { hide: true, params: z.object({ '*': z.string().max(1200) }) } },
    async ({ params, headers, raw }, reply) => {
      const { asset } = await shownDevice(context, raw.socket);
      const most = await bytesPerSecond(database, asset);
      const pace = (bytes: AsyncIterable<Uint8Array>) => (most === null ? bytes : throttled(bytes, most));
      return sendImage(database, { path: params['*'], range: headers.range }, reply, pace);
    },
  );
}

/** The slowest of what the rollouts under way allow a device. */
async function bytesPerSecond(database: Executor, asset: string): Promise<number | null> {
  const { rows } = await sql<{ most: number | null }>`
    select min((o.plan ->> 'kilobytesPerSecond')::int) as most from firmware_rollout_device d join firmware_rollout o on o.id = d.rollout
    where d.asset = ${asset} and d.state in ('waiting', 'installing') and o.state in ('running', 'paused', 'halted')`.execute(
    database,
  );
  const most = rows[0]?.most ?? null;
  return most === null ? null : most * KIBIBYTE;
}

function words(app: App, context: Context): void {
  const { events } = context;
  const instructions = new Instructions(context);
  app.get('/device/v1/firmware/instruction', { config, schema: { hide: true } }, async ({ raw }, reply) => {
    const instruction = await instructions.for(await shownDevice(context, raw.socket));
    return instruction === null ? reply.code(204).send() : reply.send(instruction);
  });
  app.post(
    '/device/v1/firmware/question',
    { config, schema: { hide: true, body: deviceAskBody } },
    async ({ body: { rollout, use }, raw }) => {
      const { asset, holder } = await shownDevice(context, raw.socket);
      const answer = await askToBegin(context, `device:${holder}`, rollout, { asset, use });
      events.emit('firmware');
      return answer;
    },
  );
  app.post(
    '/device/v1/firmware/outcome',
    { config, schema: { hide: true, body: deviceReportBody } },
    async ({ body: { rollout, outcome, detail }, raw }) => {
      const { asset, holder } = await shownDevice(context, raw.socket);
      const { state } = await takeOutcome(context, `device:${holder}`, rollout, { asset, outcome, detail });
      events.emit('firmware', 'ledger');
      return { state };
    },
  );
  app.post(
    '/device/v1/firmware/running',
    { config, schema: { hide: true, body: deviceRunningBody } },
    async ({ body, raw }, reply) => {
      await takeRunning(context, await shownDevice(context, raw.socket), body);
      events.emit('firmware', 'ledger');
      return reply.code(204).send();
    },
  );
}
