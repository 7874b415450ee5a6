import { randomUUID } from 'node:crypto';
import { formatMicros } from '@wardline/model';
import { type Calls, reason, type Stage } from './stage.ts';

const HOUR = 3_600_000_000;

function adopt({ server, assets }: Stage, kind: 'kept' | 'snmpv3' = 'kept'): Promise<Response> {
  const [asset] = assets;
  const value =
    kind === 'kept' ? { password: 'as-delivered' } : { authPassword: 'delivered', privPassword: 'delivered' };
  const account = `account-${randomUUID().slice(0, 8)}`;
  return server.post('secrets', { asset: asset!.id, account, kind, address: asset!.ips[0], value, reason });
}

async function adopted(stage: Stage, kind?: 'kept' | 'snmpv3'): Promise<string> {
  return ((await (await adopt(stage, kind)).json()) as { id: string }).id;
}

/** Far ahead, so that nothing is spoken to. */
const window = () => {
  const now = Date.now() * 1000;
  return { opens: formatMicros(now + 240 * HOUR), closes: formatMicros(now + 241 * HOUR), reason };
};

/** On a subject of its own that is prepared once, and stays until the act was carried out. */
const on =
  (
    what: string,
    prepare: (stage: Stage) => Promise<string>,
    call: (stage: Stage, path: string) => Promise<Response>,
  ) =>
  async (stage: Stage): Promise<Response> => {
    const path = stage.kept.get(what) ?? (await prepare(stage));
    stage.kept.set(what, path);
    const response = await call(stage, path);
    if (response.ok) stage.kept.delete(what);
    return response;
  };

const plain = (stage: Stage): Promise<string> => adopted(stage);
const connected = (stage: Stage): Promise<string> => adopted(stage, 'snmpv3');

async function ordered(stage: Stage): Promise<string> {
  const id = await connected(stage);
  await stage.server.post(`secrets/${id}/rotation`, window());
  return id;
}

async function out(stage: Stage): Promise<string> {
  const id = await plain(stage);
  const given = await stage.server.post(`secrets/${id}/checkouts`, { minutes: 60, reason });
  return `${id}/checkouts/${((await given.json()) as { checkout: string }).checkout}`;
}

export const secretCalls: Calls = {
  'secret.adopt': (stage) => adopt(stage),
  'secret.change': on('secret to change', plain, ({ server }, id) =>
    server.post(`secrets/${id}/value`, { value: { password: 'its-own' }, reason }),
  ),
  'secret.check-out': on('secret to take out', plain, ({ server }, id) =>
    server.post(`secrets/${id}/checkouts`, { minutes: 60, reason }),
  ),
  'secret.return': on('secret that is out', out, ({ server }, path) =>
    server.post(`secrets/${path}/return`, {}),
  ),
  'secret.rotate': on('secret to rotate', connected, ({ server }, id) =>
    server.post(`secrets/${id}/rotation`, window()),
  ),
  'secret.cancel': on('secret that is ordered', ordered, ({ server }, id) =>
    server.post(`secrets/${id}/rotation/cancellation`, { reason }),
  ),
  'secret.remove': on('secret to remove', plain, ({ server }, id) =>
    server.post(`secrets/${id}/removal`, { reason }),
  ),
};
