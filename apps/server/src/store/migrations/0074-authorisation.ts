import type { Migration } from './index.ts';

/**
 * How each device counts under the policy in force. `held`: a life-critical device that would leave a zone by what is known of it now, and stays
 * until a person decides; `authorisation` says which version and which state of the devices points are to have.
 */
export const authorisation: Migration = {
  name: '0074-authorisation',
  statements: `
    create table authorised_asset (
      asset text primary key, zones text[] not null, name text not null, attributes jsonb not null, since bigint not null, held jsonb
    );
    create index authorised_asset_held on authorised_asset (asset) where held is not null;
    create table authorisation (
      one boolean primary key default true check (one), version int not null, revision text not null, at bigint not null
    );
  `,
};
