import { redactionKeyResponse, type SensorBatch, sensorBatchSchema } from '@wardline/model';
import { validatorCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { Refusal } from '../http/problems.ts';
import type { App } from '../http/routes.ts';
import { append } from '../ledger/append.ts';
import { BATCH_BODY_BYTES } from '../limits.ts';
import { type Acceptance, FIRST_SITE, type Intake } from './accept.ts';
import { isPlainBatch } from './quick-check.ts';
import { mayHandOver, siteOf } from './sender.ts';

const accepted = z.object({ outcome: z.enum(['accepted', 'duplicate']), lastNumber: z.int() });

/** Where sensors hand over their batches. Telemetry writes no ledger: the batches' own numbers account for it. */
export function intakeRoutes(app: App, context: Context, intake: Intake): void {
  app.route({
    method: 'POST',
    url: '/intake/batches',
    config: { action: 'intake.append', scope: 'none' },
    bodyLimit: BATCH_BODY_BYTES,
    validatorCompiler: (route) => batchFirst(validatorCompiler(route as never)),
    schema: {
      summary: 'Hand over one numbered batch; sending it again is harmless',
      body: sensorBatchSchema,
      response: { 200: accepted },
    },
    handler: async (request) => {
      const batch = request.body as unknown as SensorBatch;
      if (!mayHandOver(request.actor, batch))
        throw new Refusal(
          'forbidden',
          `The token of ${request.actor} hands over nothing of sensor:${batch.sensor}`,
        );
      return takeBatch(context, intake, batch, siteOf(request.principal));
    },
  });
  app.route({
    method: 'GET',
    url: '/intake/streams/:sensor/:stream',
    config: { action: 'intake.position', scope: 'none' },
    schema: {
      summary: 'The number of the last batch taken of a stream; 0 where none was',
      params: z.object({ sensor: z.string().max(128), stream: z.string().max(128) }),
      response: { 200: z.object({ lastNumber: z.int() }) },
    },
    handler: async ({ params, principal }) => ({
      lastNumber: await intake.lastNumber(params.sensor, params.stream, siteOf(principal)),
    }),
  });
}

/** What a sensor hashes by, so that equal values of the hospital stay equal; each time it is told is an act. */
export function redactionKeyRoute(app: App, context: Context): void {
  app.route({
    method: 'POST',
    url: '/intake/key',
    config: { action: 'intake.key', changes: true, scope: 'none' },
    schema: {
      summary: 'The key of the hashes that stand for patient data, for a sensor; telling it is an act',
      response: { 200: redactionKeyResponse },
    },
    handler: async ({ actor }) => {
      const what = { action: 'intake.key', subject: 'redaction key', changes: {}, reason: null };
      await context.database
        .transaction()
        .execute((transaction) => append(transaction, { at: context.now(), actor, ...what }));
      context.events.emit('ledger');
      return { key: Buffer.from(context.redactionKey).toString('base64url') };
    },
  });
}

/** The schema's word counts; where the quick check is sure of it, the schema need not be asked. */
function batchFirst(schema: ReturnType<typeof validatorCompiler>): typeof schema {
  return (value: unknown) => (isPlainBatch(value) ? { value } : schema(value));
}

/** Takes a batch in and tells whoever listens. */
export async function takeBatch(context: Context, intake: Intake, batch: SensorBatch, site = FIRST_SITE) {
  const acceptance = await offerBatch(context, intake, batch, site);
  if (acceptance.outcome === 'gap')
    throw new Refusal('number-gap', `The next batch of this stream is number ${acceptance.expected}`, {
      expected: acceptance.expected,
    });
  return acceptance;
}

/** The same for whoever knows what to do about a gap. */
export async function offerBatch(
  context: Context,
  intake: Intake,
  batch: SensorBatch,
  site: number,
): Promise<Acceptance> {
  const acceptance = await intake.accept(batch, site);
  context.metrics.batches.inc({ outcome: acceptance.outcome });
  if (acceptance.outcome === 'accepted') {
    context.metrics.rows.inc({ kind: 'conversation' }, batch.conversations.length);
    context.metrics.rows.inc({ kind: 'sighting' }, batch.sightings.length);
    context.metrics.rows.inc({ kind: 'log' }, batch.logs?.length ?? 0);
    context.events.emit('conversations');
    context.identifySoon();
    context.watchSoon();
  }
  return acceptance;
}
