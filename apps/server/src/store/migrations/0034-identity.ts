import type { Migration } from './index.ts';

/** Authorities of zones, what they issued, and who asks for a certificate. */
export const identity: Migration = {
  name: '0034-identity',
  statements: `
    create table trust_root (
      fingerprint text primary key, certificate bytea not null, subject text not null, not_after bigint not null,
      added bigint not null
    );
    create table authority (
      id uuid primary key, zone text not null, organization text not null, domain text not null, mail_domain text,
      state text not null check (state in ('requested', 'issuing', 'retiring', 'withdrawn')),
      key_digest text not null unique, request bytea not null, certificate bytea, issuer_keys text[] not null default '{}',
      root text references trust_root, not_before bigint, not_after bigint, added bigint not null, installed bigint,
      responder bytea, responder_until bigint,
      list bytea, list_number bigint not null default 0, list_until bigint, list_due bigint not null default 0
    );
    create unique index authority_issuing on authority (zone) where state = 'issuing';
    create table authority_key (id text primary key, sealed bytea not null);
    create table certificate (
      id uuid primary key, authority uuid not null references authority, serial text not null, zone text not null,
      profile text not null check (profile in ('device', 'gateway', 'server', 'person')),
      holder text not null, asset text, key_digest text not null, body bytea not null,
      not_before bigint not null, not_after bigint not null, renew_at bigint not null,
      assurance text not null check (assurance in ('software', 'hardware-claimed', 'hardware-proved')),
      issued bigint not null, issued_by text not null, renews uuid references certificate, renewed bigint,
      revoked bigint, revoked_why text, seen bigint, answer bytea, answer_until bigint not null default 0,
      unique (authority, serial)
    );
    create index certificate_asset on certificate (asset);
    create index certificate_holder on certificate (zone, holder);
    create index certificate_end on certificate (not_after, id);
    create index certificate_due on certificate (answer_until);
    create index certificate_revoked on certificate (authority, revoked) where revoked is not null;
    create table enrolment_code (
      id uuid primary key, digest text not null unique, asset text not null, zone text, profile text not null,
      hosts text[] not null, made bigint not null, made_by text not null, expires bigint not null,
      spent bigint, spent_key text
    );
    create table enrolment (
      id uuid primary key, state text not null check (state in ('waiting', 'issued', 'refused')),
      way text not null check (way in ('code', 'manufacturer', 'renewal')), profile text not null,
      hosts text[] not null default '{}', zone text, asset text, maker text, serial_number text,
      misfits text[] not null default '{}', assurance text not null, key_digest text not null unique, request bytea not null,
      renews uuid references certificate, asked bigint not null, last_asked bigint not null,
      decided bigint, decided_by text, decision text, certificate uuid references certificate
    );
    create index enrolment_asked on enrolment (asked, id);
    create table maker (
      id uuid primary key, vendor text not null, fingerprint text not null unique, certificate bytea not null,
      subject text not null, not_after bigint not null, added bigint not null
    );
    -- What was proved of where a key lies, by whoever judges evidence of hardware; an enrolment takes the level by its key.
    create table key_assurance (
      key_digest text primary key, level text not null check (level in ('software', 'hardware-claimed', 'hardware-proved')),
      evidence jsonb not null, judged bigint not null
    );
  `,
};
