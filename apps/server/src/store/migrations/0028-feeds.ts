import type { Migration } from './index.ts';

/** Feeds of advisories with how their last run went, and of each document of a feed what was taken in: a run goes on where one ended. */
export const feeds: Migration = {
  name: '0028-feeds',
  statements: `
    create table feed (
      id text primary key, name text not null unique, location text not null, kind text not null, every_hours int not null,
      keys text not null, fingerprints text[] not null, state text not null default 'never', problem text,
      total int not null default 0, done int not null default 0, counts jsonb not null default '{}',
      started_at bigint, finished_at bigint
    );
    create table feed_file (
      feed text not null references feed (id) on delete cascade, path text not null, stamp text, digest text not null,
      outcome text not null, checked text[] not null, faults jsonb not null, at bigint not null, primary key (feed, path)
    );
  `,
};
