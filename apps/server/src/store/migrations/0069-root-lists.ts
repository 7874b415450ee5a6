import type { Migration } from './index.ts';

/** What each root itself revoked: its list, made in a ceremony and told from here. */
export const rootLists: Migration = {
  name: '0069-root-lists',
  statements: `
    alter table trust_root add column list bytea, add column list_number bigint not null default 0, add column list_until bigint,
      add column revoked text[] not null default '{}';
  `,
};
