import type { Migration } from './index.ts';

/** Whose TPMs are believed, which TPM an order names, and what a TPM was asked and has not answered yet. */
export const attestation: Migration = {
  name: '0055-attestation',
  statements: `
    alter table maker add column kind text not null default 'devices' check (kind in ('devices', 'tpms'));
    alter table enrolment_code add column tpm text;
    create table attestation_challenge (
      id uuid primary key, challenge bytea not null, secret bytea not null, ak_name bytea not null, devices bytea[] not null,
      ak_public bytea not null, key_public bytea not null, maker uuid not null, expires bigint not null
    );
    create index attestation_challenge_expires on attestation_challenge (expires);
  `,
};
