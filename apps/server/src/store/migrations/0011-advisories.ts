import type { Migration } from './index.ts';

/**
 * Advisories as read, what each says of each asset (`advisory_match`), the one answer for an asset and a weakness
 * (`vulnerability_match`), persons' verdicts, and which answers changed (`match_change`), for what is worked out from them.
 */
export const advisories: Migration = {
  name: '0011-advisories',
  statements: `
    create table advisory (
      id text primary key, format text not null, title text not null, issuer text not null, revision text not null,
      published bigint not null, updated bigint not null, document jsonb not null, keys text[] not null,
      statements int not null, imported_at bigint not null, matched_at bigint
    );
    create index advisory_keys on advisory using gin (keys);
    create index advisory_unmatched on advisory (id) where matched_at is null;
    create table advisory_quarantine (
      name text primary key, faults jsonb not null, at bigint not null
    );
    create table vulnerability (
      id text primary key, title text not null, summary text not null, score double precision not null,
      scores jsonb not null, weaknesses text[] not null, ssvc jsonb not null, exploited_since text,
      advisories text[] not null
    );
    create table matched_asset (asset_id text primary key, known jsonb not null);
    create table advisory_match (
      asset_id text not null, vulnerability text not null, advisory text not null, match jsonb not null,
      primary key (asset_id, vulnerability, advisory)
    );
    create index advisory_match_advisory on advisory_match (advisory);
    create table vulnerability_match (
      id text primary key, asset_id text not null, vulnerability text not null, verdict text not null,
      concluded text not null, confidence double precision not null, reason text not null, advisory text not null,
      issuer text not null, others jsonb not null, decision bigint, changed_at bigint not null
    );
    create unique index vulnerability_match_asset on vulnerability_match (asset_id, vulnerability);
    create index vulnerability_match_vulnerability on vulnerability_match (vulnerability, verdict);
    create table vulnerability_decision (
      id bigint generated always as identity primary key,
      asset_id text not null, vulnerability text not null, verdict text not null, justification text not null,
      ground jsonb not null, actor text not null, reason text not null, at bigint not null, fell_at bigint, fell_why text
    );
    create unique index vulnerability_decision_now on vulnerability_decision (asset_id, vulnerability) where fell_at is null;
    create table match_change (
      id bigint generated always as identity primary key,
      asset_id text not null, vulnerability text not null, verdict text, at bigint not null
    );
  `,
};
