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

const silent = { kernel: 'none', policyName: null, policyDigest: null, applied: null, trialUntil: null };
const report = (stage: Stage, name: string) =>
  stage.server.post(`enforcement/reports/${name}`, { ...silent, listing: null, counted: [], obeys: true });

/** The id of a point that takes orders, made where there is none of this name. */
async function obeying(stage: Stage, name: string): Promise<string> {
  const known = stage.kept.get(`point ${name}`);
  if (known !== undefined) return known;
  const answer = await stage.server.post('enforcement/points', { name, reason });
  const { id } = (await answer.json()) as { id: string };
  await report(stage, name);
  stage.kept.set(`point ${name}`, id);
  return id;
}

const goBack = (stage: Stage, id: string): Promise<Response> =>
  stage.server.post(`enforcement/points/${id}/orders`, { act: 'go-back', reason });

/** The id of an order that a point of this name has, made where there is none. */
async function ordered(stage: Stage, name: string): Promise<string> {
  const known = stage.kept.get(`order ${name}`);
  if (known !== undefined) return known;
  const answer = await goBack(stage, await obeying(stage, name));
  const { id } = (await answer.json()) as { id: string };
  stage.kept.set(`order ${name}`, id);
  return id;
}

async function withdraw(stage: Stage): Promise<Response> {
  const id = await ordered(stage, 'withdrawn');
  return stage.server.post(`enforcement/orders/${id}/withdrawal`, { reason });
}

async function outcome(stage: Stage): Promise<Response> {
  const isNew = !stage.kept.has('order taken');
  const id = await ordered(stage, 'taken');
  if (isNew) await report(stage, 'taken');
  return stage.server.post(`enforcement/outcomes/taken/${id}`, { done: true, said: 'went back' });
}

/** A life-critical device that waits for a decision, made where none does. */
async function decide(stage: Stage): Promise<Response> {
  const asset = stage.assets[0]!.id;
  if (!stage.kept.has('held')) {
    stage.kept.set('held', asset);
    await stage.client.query(
      `insert into authorised_asset (asset, zones, name, attributes, since, held)
       values ($1, '{}', 'made up', '{}', 1, '{"to": [], "because": [], "since": 1, "kept": false}')
       on conflict (asset) do update set held = excluded.held`,
      [asset],
    );
  }
  return stage.server.post(`enforcement/holds/${asset}/decision`, { follow: false, reason });
}

export const enforcementCalls: Calls = {
  'enforcement.add': add,
  'enforcement.remove': remove,
  'enforcement.order': async (stage) => goBack(stage, await obeying(stage, 'told')),
  'enforcement.withdraw': withdraw,
  'enforcement.outcome': outcome,
  'enforcement.decide': decide,
};
