import { until } from '../running-server.ts';
import { type Calls, reason } from './stage.ts';

export const backupCalls: Calls = {
  'backup.make': async ({ server }) => {
    const answer = await server.post('backups', { passphrase: 'a passphrase of some length', reason });
    await answer.clone().arrayBuffer();
    return answer;
  },
  // The one of before has to be done.
  'backup.run': async ({ server, client }) => {
    await until(
      () => client.query("select 1 from backup_run where state in ('waiting', 'running')"),
      ({ rowCount }) => rowCount === 0,
    );
    return server.post('backups/runs', { reason });
  },
};
