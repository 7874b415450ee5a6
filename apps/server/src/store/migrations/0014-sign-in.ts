import type { Migration } from './index.ts';

/** How people show who they are, and the tokens of programs. */
export const signIn: Migration = {
  name: '0014-sign-in',
  statements: `
    alter table person add column login text unique;
    create table invitation (
      id uuid primary key, digest text not null unique, person uuid not null references person, made bigint not null,
      expires bigint not null, used bigint
    );
    create table passkey (
      id text primary key, person uuid not null references person, public_key bytea not null, counter bigint not null,
      transports text[] not null, name text not null, created bigint not null, used bigint
    );
    create index passkey_person on passkey (person);
    create table password (person uuid primary key references person, hash text not null, changed bigint not null);
    create table totp (
      person uuid primary key references person, sealed bytea not null, confirmed boolean not null default false,
      last_step bigint not null default 0
    );
    create table recovery_code (
      person uuid not null references person, digest text not null, used bigint, primary key (person, digest)
    );
    create table challenge (
      id uuid primary key, purpose text not null, person uuid, value text not null, expires bigint not null
    );
    create table access_token (
      id uuid primary key, digest text not null unique, holder text not null, name text not null, owner uuid references person,
      actions text[], created bigint not null, expires bigint not null, used bigint, revoked bigint
    );
    create index access_token_owner on access_token (owner);
  `,
};
