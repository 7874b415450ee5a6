import type { Migration } from './index.ts';

/** Suppliers, what makers state of their products, and assessments before a purchase. */
export const suppliers: Migration = {
  name: '0045-suppliers',
  statements: `
    create table supplier (
      id uuid primary key, revision int not null, name text not null, details jsonb not null, disclosure jsonb,
      added bigint not null, modified bigint not null
    );
    create unique index supplier_name on supplier (lower(name));
    create table mds2_form (
      id text primary key, vendor text not null, model text not null, edition text not null, name text not null,
      released text, form jsonb not null, document bytea not null, added_at bigint not null, added_by text not null,
      replaced_at bigint
    );
    create unique index mds2_form_product on mds2_form (lower(vendor), lower(model)) where replaced_at is null;
    create table purchase (
      id uuid primary key, revision int not null, state text not null, details jsonb not null, conditions jsonb not null,
      decided_by text, added bigint not null, modified bigint not null
    );
  `,
};
