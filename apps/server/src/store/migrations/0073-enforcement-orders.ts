import type { Migration } from './index.ts';

/** What people have enforcement points do, and what a point said of itself word for word, so that an act can be foreseen. */
export const enforcementOrders: Migration = {
  name: '0073-enforcement-orders',
  statements: `
    alter table enforcement_point
      add column kind text not null default 'nftables' check (kind in ('nftables', 'haproxy', 'freeradius')),
      add column obeys boolean not null default false, add column listing text, add column back jsonb;
    update enforcement_point set drift = '[]';
    create table enforcement_order (
      id uuid primary key, point uuid not null references enforcement_point on delete cascade,
      act text not null check (act in ('apply', 'confirm', 'go-back')), version int, trial_seconds int,
      ordered bigint not null, ordered_by text not null, taken bigint, ended bigint,
      outcome text check (outcome in ('done', 'failed', 'withdrawn', 'expired')), said text not null default '',
      check ((ended is null) = (outcome is null))
    );
    create unique index enforcement_order_open on enforcement_order (point) where ended is null;
    create index enforcement_order_of on enforcement_order (point, ordered desc);
  `,
};
