import type { Migration } from './index.ts';

/** People, what they may do and for how long, and their sessions. */
export const people: Migration = {
  name: '0009-people',
  statements: `
    create table person (
      id uuid primary key, name text not null, email text, active boolean not null default true, created bigint not null
    );
    create table role_grant (
      id uuid primary key, holder text not null, role text not null, sites integer[], zones text[],
      since bigint not null, until bigint, origin text not null, given_by text not null, reason text,
      ended bigint, ended_by text
    );
    create index role_grant_holder on role_grant (holder);
    drop table session;
    create table session (
      id uuid primary key, digest text not null unique, person uuid not null references person, method text not null,
      since bigint not null, seen bigint not null, expires bigint not null, stepped_up bigint,
      agent text not null, address text not null
    );
    create index session_person on session (person);
  `,
};
