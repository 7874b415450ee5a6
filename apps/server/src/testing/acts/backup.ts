import { type Calls, reason } from './stage.ts';

export const backupCalls: Calls = {
  'backup.make': async ({ server }) => {
    const answer = await server.post('backups', { passphrase: 'a passphrase of some length', reason });
    await answer.clone().arrayBuffer();
    return answer;
  },
};
