import { type AssetDetail, type AssetRow, endpointKey } from '@wardline/model';
import { until } from '../running-server.ts';
import { type Calls, reason, type Stage } from './stage.ts';

async function splitMerged({ server }: Stage): Promise<Response> {
  await until(
    () => server.get<{ total: number }>('assets'),
    ({ total }) => total === 6,
  );
  const { items } = await server.get<{ items: AssetRow[] }>('assets?limit=100');
  const merged = items.find((row) => row.ips.length === 2)!;
  const { endpoints } = await server.get<AssetDetail>(`assets/${merged.id}`);
  return server.post('identity/split', { asset: merged.id, endpoints: [endpointKey(endpoints[0]!)], reason });
}

async function undoFirst({ server, client }: Stage): Promise<Response> {
  const { rows } = await client.query<{ id: string }>('select id from identity_decision order by at limit 1');
  return server.post(`identity/decisions/${rows[0]?.id}/undo`, { reason });
}

export const inventoryCalls: Calls = {
  'inventory.approve': ({ server, assets }) =>
    server.post(`assets/${assets[0]?.id}/approvals`, { attribute: 'location', value: 'ICU', reason }),
  'inventory.withdraw': ({ server, assets }) =>
    server.remove(`assets/${assets[0]?.id}/approvals/location?reason=${encodeURIComponent(reason)}`),
  'identity.merge': ({ server, assets }) =>
    server.post('identity/merge', { assets: assets.slice(2, 4).map((row) => row.id), reason }),
  'identity.split': splitMerged,
  'identity.undo': undoFirst,
};
