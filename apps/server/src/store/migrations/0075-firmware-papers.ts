import type { Migration } from './index.ts';

/** What is handed in with an image: bills of materials and provenance, each bound to it by what was signed. */
export const firmwarePapers: Migration = {
  name: '0075-firmware-papers',
  statements: `
    create table firmware_paper (
      sha256 text primary key, kind text not null check (kind in ('sbom', 'provenance')), document bytea not null,
      builder_key text not null, facts jsonb not null, at bigint not null, actor text not null
    );
    alter table firmware_release add column sbom_sha256 text;
    alter table firmware_release add column provenance_sha256 text;
    alter table firmware_release add column advisories jsonb not null default '[]';
  `,
};
