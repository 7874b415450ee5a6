import type { Migration } from './index.ts';

/** When a site last handed something in, without a look at every batch. */
export const batchTimes: Migration = {
  name: '0067-batch-times',
  statements: 'create index batch_site_at on batch (site, at);',
};
