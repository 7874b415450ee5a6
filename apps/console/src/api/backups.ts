import { post } from './client.ts';

/** Backups that the server makes by itself. */
export const backups = {
  run: (reason: string) => post('/backups/runs', { reason }),
};
