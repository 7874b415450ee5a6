import type { AccessPoint } from '@wardline/model';
import { type Calls, reason, type Stage } from './stage.ts';

/** Each access point differs from the one before. */
function approve({ server, kept }: Stage): Promise<Response> {
  const next = Number(kept.get('access-points') ?? '0') + 1;
  kept.set('access-points', String(next));
  const bssid = `00:11:22:33:44:${next.toString(16).padStart(2, '0')}`;
  return server.post('wireless/access-points', { items: [{ ssid: 'ward', bssid }], reason });
}

async function withdraw(stage: Stage): Promise<Response> {
  const held = async () => (await stage.server.get<{ items: AccessPoint[] }>('wireless/access-points')).items;
  if ((await held()).length === 0) await approve(stage);
  return stage.server.post('wireless/access-points/removal', { ids: [(await held())[0]!.id], reason });
}

export const wirelessCalls: Calls = {
  'wireless.approve': approve,
  'wireless.withdraw': withdraw,
  'wireless.nfc-answer': ({ server }) =>
    server.post('wireless/nfc', { item: 'where', answer: 'met', reason }),
};
