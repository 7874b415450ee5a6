import type { Migration } from './index.ts';

/**
 * What enriches weaknesses, with its date: which release of each source is current (`enrichment`), EPSS scores by release, SSVC
 * decision tables, and on a weakness when its decision points were judged and what KEV tells of it.
 */
export const enrichment: Migration = {
  name: '0021-enrichment',
  statements: `
    create table enrichment (
      name text primary key, release text not null, model text not null, entries int not null, imported_at bigint not null
    );
    create table epss_score (
      vulnerability text not null, release text not null, probability double precision not null,
      percentile double precision not null, primary key (vulnerability, release)
    );
    create index epss_score_release on epss_score (release);
    create table ssvc_table (name text primary key, document jsonb not null, imported_at bigint not null);
    alter table vulnerability add column ssvc_at text, add column kev jsonb;
  `,
};
