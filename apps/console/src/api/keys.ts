import { post } from './client.ts';

/** Changing keys. */
export const keys = {
  rotate: (zone: string, reason: string) => post('/keys/rotation', { zone, reason }),
  rotateMaster: (reason: string) => post('/keys/master/rotation', { reason }),
};
