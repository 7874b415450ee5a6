import {
  keyListResponse,
  keyRotationBody,
  keyRotationResponse,
  masterRotationResponse,
  reasonBody,
} from '@wardline/model';
import { ConfigError } from '../config/config-error.ts';
import type { Context } from '../context.ts';
import { Refusal } from '../http/problems.ts';
import type { App } from '../http/routes.ts';
import { append } from '../ledger/append.ts';
import type { Recorder } from './keyring.ts';
import { KeysError } from './keys-error.ts';
import { listKeys } from './list.ts';

/** Which keys there are, and changing them. No route tells a key. */
export function keyRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/keys',
    config: { action: 'key.list' },
    schema: {
      summary: 'Master key and keys of zones, with what is sealed by each',
      response: { 200: keyListResponse },
    },
    handler: async () => listKeys(context),
  });
  app.route({
    method: 'POST',
    url: '/keys/rotation',
    config: { action: 'key.rotate', changes: true },
    schema: {
      summary: 'A new key for a zone; what is there is sealed anew in the background',
      body: keyRotationBody,
      response: { 200: keyRotationResponse },
    },
    handler: async ({ body: { zone, reason }, actor }) => {
      const act = { action: 'key.rotate', subject: `zone:${zone}`, reason };
      const changed = await refusing(context.keys.changeZone(zone, recorder(context, actor, act)));
      if (changed === null) throw new Refusal('not-found', `No zone ${zone} has a key`);
      afterwards(context);
      return { zone, ...changed };
    },
  });
  app.route({
    method: 'POST',
    url: '/keys/master/rotation',
    config: { action: 'key.rotate-master', changes: true },
    schema: {
      summary:
        'A new master key, as it is configured now; the keys of all zones are wrapped under it at once',
      body: reasonBody,
      response: { 200: masterRotationResponse },
    },
    handler: async ({ body: { reason }, actor }) => {
      const act = { action: 'key.rotate-master', subject: 'master key', reason };
      const changed = await refusing(context.keys.changeMaster(recorder(context, actor, act)));
      afterwards(context);
      return changed;
    },
  });
}

const recorder =
  (context: Context, actor: string, act: { action: string; subject: string; reason: string }): Recorder =>
  (transaction, changes) =>
    append(transaction, { at: context.now(), actor, ...act, changes });

function afterwards({ resealing, events }: Context): void {
  resealing.soon();
  events.emit('keys', 'ledger');
}

/** What a module or a setting says goes to whoever asked: it names places and never a key. */
async function refusing<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    const isExpected = error instanceof KeysError || error instanceof ConfigError;
    throw isExpected ? new Refusal('conflict', error.message) : error;
  });
}
