import type { Migration } from './index.ts';

/**
 * What advisories say of the parts of products: worked out once for each bill of materials (`sbom_finding`), and spread to the assets that
 * it is of (`asset_sbom`). In `advisory_match` and `vulnerability_match` an answer about a part names it.
 */
export const sbomFindings: Migration = {
  name: '0027-sbom-findings',
  statements: `
    alter table component add column keys text[] not null default '{}';
    create index component_keys on component using gin (keys);
    alter table sbom add column matched_at bigint;
    create index sbom_unmatched on sbom (id) where matched_at is null and replaced_at is null;
    create table sbom_finding (
      sbom text not null references sbom (id) on delete cascade, vulnerability text not null, finding jsonb not null,
      primary key (sbom, vulnerability)
    );
    create table asset_sbom (
      asset_id text primary key, sbom text, exact boolean not null, due boolean not null
    );
    create index asset_sbom_sbom on asset_sbom (sbom);
    create index asset_sbom_due on asset_sbom (asset_id) where due;
    alter table advisory_match add column sbom text not null default '';
    alter table advisory_match drop constraint advisory_match_pkey, add primary key (asset_id, vulnerability, advisory, sbom);
    alter table vulnerability_match add column component text, add column sbom text;
  `,
};
