import { type Calls, reason } from './stage.ts';

/** What the last one leaves to the background comes after everything that is compared. */
export const keyCalls: Calls = {
  'intake.key': ({ server }) => server.post('intake/key', {}),
  'key.rotate-master': ({ server }) => server.post('keys/master/rotation', { reason }),
  'key.rotate': ({ server }) => server.post('keys/rotation', { zone: 'accounts', reason }),
};
