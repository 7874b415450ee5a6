import type { Migration } from './index.ts';

/** Policies: drafts that people write at, and versions whose text never changes again. */
export const segmentation: Migration = {
  name: '0033-segmentation',
  statements: `
    create table policy_draft (
      id uuid primary key, name text not null, text text not null, revision int not null, based_on int,
      authors text[] not null, created bigint not null, modified bigint not null, modified_by text not null
    );
    create table policy_version (
      number int primary key, name text not null, text text not null, digest text not null,
      state text not null check (state in ('proposed', 'approved', 'refused', 'superseded', 'withdrawn')),
      authors text[] not null, restores int references policy_version (number), effect jsonb not null,
      proposed bigint not null, proposed_by text not null, proposed_act bigint not null,
      decided bigint, decided_by text, decided_act bigint
    );
    create unique index policy_version_in_force on policy_version (state) where state = 'approved';
  `,
};
