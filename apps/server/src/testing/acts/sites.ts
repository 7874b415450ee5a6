import { type Calls, reason } from './stage.ts';

export const siteCalls: Calls = {
  'site.add': ({ server }) => server.post('sites', { name: 'North', timeZone: 'Europe/Berlin', reason }),
  'site.change': ({ server }) => server.post('sites/1', { name: 'Main house', reason }),
};
