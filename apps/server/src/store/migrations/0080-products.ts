import type { Migration } from './index.ts';

/**
 * Products that somebody here answers for as their manufacturer, what persons vouch for, and which release is to answer which weakness.
 * An advisory keeps when it was first read, whatever revisions follow: from then on its weakness is known.
 */
export const products: Migration = {
  name: '0080-products',
  statements: `
    alter table advisory add column first_imported_at bigint;
    update advisory set first_imported_at = imported_at;
    create table product (
      id uuid primary key, revision int not null, vendor text not null, model text not null, details jsonb not null,
      added bigint not null, modified bigint not null
    );
    create unique index product_name on product (lower(vendor), lower(model));
    create table product_word (
      id uuid primary key, product uuid not null references product (id), control text not null, statement text not null,
      owner text not null, given_by text not null, document text not null, sha256 text not null,
      since bigint not null, until bigint not null, ended bigint
    );
    create index product_word_product on product_word (product);
    create table product_plan (
      product uuid not null references product (id), weakness text not null, version text not null, day date not null,
      owner text not null, note text not null, at bigint not null, actor text not null, primary key (product, weakness)
    );
  `,
};
