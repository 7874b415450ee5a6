import type { Migration } from './index.ts';

/**
 * Bills of materials over time. A component that many of them name stands once (`component`, by all that tells it from others);
 * where it is stands in `sbom_part`. The document itself is kept as it came, compressed.
 */
export const sboms: Migration = {
  name: '0020-sboms',
  statements: `
    create table sbom (
      id text primary key, vendor text not null, model text not null, software text not null, name text not null,
      format text not null, spec_version text not null, document_id text, revision text not null, title text not null,
      author text, created bigint, main text, components int not null, statements jsonb not null, document bytea not null,
      added_at bigint not null, added_by text not null, replaced_at bigint
    );
    create index sbom_product on sbom (lower(vendor), lower(model), software) where replaced_at is null;
    create table component (
      id bigint generated always as identity primary key, key text not null unique, type text not null, supplier text,
      "group" text, name text not null, version text, purl text, cpes text[] not null, search text not null
    );
    create table sbom_part (
      sbom text not null references sbom (id) on delete cascade, number int not null, component bigint not null,
      ref text not null, parent text, licenses text[] not null, primary key (sbom, number)
    );
    create index sbom_part_component on sbom_part (component, sbom);
  `,
};
