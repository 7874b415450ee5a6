import type { Migration } from './index.ts';

/** What the hospital's directory tells of people (SCIM): users, groups, and the role that a group gives. */
export const provisioning: Migration = {
  name: '0019-provisioning',
  statements: `
    create table provisioned_user (
      person uuid primary key references person, user_name text not null unique, document jsonb not null,
      version integer not null, created bigint not null, modified bigint not null
    );
    create table provisioned_group (
      id uuid primary key, display_name text not null, external_id text, role text, sites integer[], zones text[],
      version integer not null, created bigint not null, modified bigint not null
    );
    create table provisioned_member (
      group_id uuid not null references provisioned_group, person uuid not null references provisioned_user,
      primary key (group_id, person)
    );
    create index provisioned_member_person on provisioned_member (person);
    create index role_grant_given_by on role_grant (given_by) where ended is null;
  `,
};
