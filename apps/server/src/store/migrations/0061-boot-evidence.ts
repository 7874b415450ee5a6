import type { Migration } from './index.ts';

/** What devices showed of their boot, and what people know that a good one measures. */
export const bootEvidence: Migration = {
  name: '0061-boot-evidence',
  statements: `
    create table boot_challenge (
      id uuid primary key, certificate uuid not null, challenge bytea not null, secret bytea not null, ak_name bytea not null,
      devices bytea[] not null, ak_public bytea not null, expires bigint not null
    );
    create index boot_challenge_expires on boot_challenge (expires);
    create table boot_appraisal (
      id uuid primary key, asset text not null, at bigint not null, heard bigint not null, tpm text not null,
      grade int not null, status text not null check (status in ('affirmed', 'unknown', 'contradicted')),
      refused jsonb not null, differences jsonb not null, secure_boot boolean, rebooted boolean not null,
      clock jsonb, pcrs jsonb not null, events jsonb not null, reference uuid, vendor text not null, model text not null,
      software text not null
    );
    create index boot_appraisal_asset on boot_appraisal (asset, at desc);
    create table boot_reference (
      id uuid primary key, vendor text not null, model text not null, software text not null, pcrs jsonb not null,
      origin uuid not null, added bigint not null, added_by text not null, removed bigint
    );
    create index boot_reference_product on boot_reference (lower(vendor), lower(model), software) where removed is null;
  `,
};
