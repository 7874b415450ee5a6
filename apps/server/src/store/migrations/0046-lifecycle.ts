import type { Migration } from './index.ts';

/** Where each device stands between purchase and disposal, with everything that was before. */
export const lifecycle: Migration = {
  name: '0046-lifecycle',
  statements: `
    create table lifecycle_event (
      id bigint generated always as identity primary key, asset_id text not null, "from" text not null, "to" text not null,
      at bigint not null, actor text not null, reason text not null, sanitisation jsonb, checks jsonb not null
    );
    create index lifecycle_event_asset on lifecycle_event (asset_id, id desc);
    create table lifecycle (
      asset_id text primary key, state text not null, since bigint not null, purchase uuid references purchase (id), udi jsonb
    );
  `,
};
