import type { Migration } from './index.ts';

/**
 * What persons vouch for and decide about controls, and judgements that were recorded: the evidence as it was (`state`, JSON under gzip)
 * with its digest, which the act of the ledger `sequence` holds too, so that what was true on a day can be proved later.
 */
export const compliance: Migration = {
  name: '0043-compliance',
  statements: `
    create table compliance_attestation (
      id uuid primary key, control text not null, statement text not null, owner text not null, given_by text not null,
      document text not null, sha256 text not null, since bigint not null, until bigint not null, ended bigint
    );
    create index compliance_attestation_control on compliance_attestation (control);
    create table compliance_decision (
      id uuid primary key, control text not null, decision text not null, rationale text not null, alternative text,
      given_by text not null, since bigint not null, until bigint not null, ended bigint
    );
    create index compliance_decision_control on compliance_decision (control);
    create table compliance_run (
      id bigint generated always as identity primary key, at bigint not null, digest text not null, statuses jsonb not null,
      knowledge jsonb not null, state bytea not null, sequence bigint not null
    );
    create index compliance_run_at on compliance_run (at);
  `,
};
