import type { Migration } from './index.ts';

/**
 * Keys of zones, wrapped under master keys that never lie in the database. One master key and one data key of each zone are in use;
 * retired ones open what was sealed before, until it has been sealed anew. Digests of passwords are sealed as well: the one column
 * gives way to the other.
 */
export const keys: Migration = {
  name: '0018-keys',
  statements: `
    create table master_key (
      id uuid primary key, kind text not null, place text not null, salt bytea not null, proof bytea not null,
      made bigint not null, retired bigint
    );
    create unique index master_key_in_use on master_key ((true)) where retired is null;
    create table data_key (
      id uuid primary key, zone text not null, master uuid not null references master_key, wrapped bytea,
      made bigint not null, retired bigint, destroyed bigint
    );
    create unique index data_key_in_use on data_key (zone) where retired is null;
    alter table password add column sealed bytea;
    alter table password alter column hash drop not null;
    alter table password add constraint password_kept check ((hash is null) <> (sealed is null));
  `,
};
