import type { Migration } from './index.ts';

/**
 * Roles for a time and emergency access. What a person wrote stands with the act in the ledger (`…_act` is its number), where it
 * can be erased.
 */
export const authority: Migration = {
  name: '0015-authority',
  statements: `
    create table elevation (
      id uuid primary key, holder text not null, asked_by text not null, role text not null, sites integer[], zones text[],
      minutes integer not null, asked bigint not null, lapses bigint not null, asked_act bigint not null,
      decided bigint, decided_by text, decision text, decided_act bigint, role_grant uuid references role_grant
    );
    create index elevation_holder on elevation (holder);
    create index elevation_open on elevation (lapses) where decided is null;
    create index elevation_grant on elevation (role_grant);
    create index role_grant_timed on role_grant (until) where ended is null and origin <> 'assigned';
    create table emergency_plan (
      id uuid primary key, person uuid not null references person, role text not null, sites integer[], zones text[],
      minutes integer not null, prepared bigint not null, prepared_by text not null, withdrawn bigint
    );
    create index emergency_plan_person on emergency_plan (person) where withdrawn is null;
    create table emergency_seal (
      id uuid primary key, plan uuid not null references emergency_plan, handle text not null unique, salt bytea not null,
      digest bytea not null, made bigint not null, made_by text not null, ended bigint
    );
    create unique index emergency_seal_plan on emergency_seal (plan) where ended is null;
    create table emergency (
      id uuid primary key, plan uuid not null references emergency_plan, person uuid not null references person,
      role_grant uuid not null references role_grant, code text not null, entered_by text not null, started bigint not null,
      started_act bigint not null, notices jsonb not null default '[]',
      reviewed bigint, reviewed_by text, verdict text, reviewed_act bigint
    );
    create index emergency_grant on emergency (role_grant);
    create index emergency_unreviewed on emergency (started) where reviewed is null;
  `,
};
