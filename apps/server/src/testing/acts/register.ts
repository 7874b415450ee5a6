import { until } from '../running-server.ts';
import { type Calls, reason, type Stage } from './stage.ts';

async function decideLine({ server }: Stage): Promise<Response> {
  await until(
    () => server.get<{ items: { key: string }[] }>('reconciliation?state=missing'),
    ({ items }) => items.some((line) => line.key === 'T-1'),
  );
  return server.post('reconciliation/T-1/decision', { decision: 'retired', reason });
}

export const registerCalls: Calls = {
  'register.import': ({ server }) =>
    server.post('register/import', { csv: 'Asset Tag,MAC Address\nT-1,02:00:00:00:00:09\n', reason }),
  'reconciliation.decide': decideLine,
};
