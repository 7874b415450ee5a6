import type { AlertReceiverList } from '@wardline/model';
import { type Calls, reason, type Stage } from './stage.ts';

/** Nobody listens there; each has a name of its own. */
function add({ server, kept }: Stage): Promise<Response> {
  const next = Number(kept.get('receivers') ?? '0') + 1;
  kept.set('receivers', String(next));
  const settings = { kind: 'syslog', host: '127.0.0.1', port: 9 };
  return server.post('watch/receivers', { name: `receiver ${next}`, settings, reason });
}

async function first(stage: Stage): Promise<AlertReceiverList['items'][number]> {
  const held = async () => (await stage.server.get<AlertReceiverList>('watch/receivers')).items;
  if ((await held()).length === 0) await add(stage);
  return (await held())[0]!;
}

async function change(stage: Stage): Promise<Response> {
  const { id, paused } = await first(stage);
  return stage.server.post(`watch/receivers/${id}/change`, { paused: !paused, reason });
}

async function remove(stage: Stage): Promise<Response> {
  return stage.server.post(`watch/receivers/${(await first(stage)).id}/removal`, { reason });
}

export const receiverCalls: Calls = {
  'receiver.add': add,
  'receiver.change': change,
  'receiver.remove': remove,
};
