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

/** A point that takes orders, as its last report says. */
async function obeying(stage: Stage): Promise<{ id: string; name: string }> {
  await add(stage);
  const name = `gateway-${stage.kept.get('enforcement point')}`;
  const report = {
    kernel: 'none',
    policyName: null,
    policyDigest: null,
    applied: null,
    trialUntil: null,
    listing: null,
    counted: [],
    obeys: true,
  };
  await stage.server.post(`enforcement/reports/${name}`, report);
  const { points } = await stage.server.get<{ points: { id: string; name: string }[] }>('enforcement');
  return points.find((point) => point.name === name)!;
}

async function order(stage: Stage): Promise<Response> {
  const { id, name } = await obeying(stage);
  const answer = await stage.server.post(`enforcement/points/${id}/orders`, { act: 'go-back', reason });
  if (answer.ok)
    stage.kept.set('enforcement order', `${((await answer.clone().json()) as { id: string }).id} ${name}`);
  return answer;
}

async function withdraw(stage: Stage): Promise<Response> {
  await order(stage);
  const [id] = stage.kept.get('enforcement order')!.split(' ');
  return stage.server.post(`enforcement/orders/${id}/withdrawal`, { reason });
}

async function outcome(stage: Stage): Promise<Response> {
  await order(stage);
  const [id, name] = stage.kept.get('enforcement order')!.split(' ');
  const said = { kernel: 'none', policyName: null, policyDigest: null, applied: null, trialUntil: null };
  await stage.server.post(`enforcement/reports/${name}`, {
    ...said,
    listing: null,
    counted: [],
    obeys: true,
  });
  return stage.server.post(`enforcement/outcomes/${name}/${id}`, { done: true, said: 'went back' });
}

export const enforcementCalls: Calls = {
  'enforcement.add': add,
  'enforcement.remove': remove,
  'enforcement.order': order,
  'enforcement.withdraw': withdraw,
  'enforcement.outcome': outcome,
};
