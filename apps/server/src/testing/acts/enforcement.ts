import { type Calls, reason, type Stage } from './stage.ts';

async function add({ server, kept }: Stage): Promise<Response> {
  const number = Number(kept.get('enforcement point') ?? '0') + 1;
  kept.set('enforcement point', String(number));
  return server.post('enforcement/points', { name: `gateway-${number}`, place: 'Cellar', reason });
}

async function remove(stage: Stage): Promise<Response> {
  const points = () => stage.server.get<{ points: { id: string }[] }>('enforcement');
  if ((await points()).points.length === 0) await add(stage);
  const [point] = (await points()).points;
  return stage.server.post(`enforcement/points/${point!.id}/removal`, { reason });
}

export const enforcementCalls: Calls = { 'enforcement.add': add, 'enforcement.remove': remove };
