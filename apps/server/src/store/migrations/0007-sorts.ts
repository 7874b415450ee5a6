import type { Migration } from './index.ts';

const columns =
  'model serial software os grp data_sensitivity confidence location department owner register services peers first_seen';

/** Every column that a list of assets can be sorted by, so that a page of 100,000 reads a page's rows only. */
export const sorts: Migration = {
  name: '0007-sorts',
  statements: columns
    .split(' ')
    .map((column) => `create index asset_${column} on asset (${column}, id);`)
    .join('\n'),
};
