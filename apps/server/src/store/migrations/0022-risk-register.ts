import type { Migration } from './index.ts';

/**
 * The register of risks. `risk` and `risk_score` are worked out in the background: one risk for each weakness or rule and each product, with
 * its worst member, and the score of every member. What persons decide stands apart (`risk_handling`, `risk_control`,
 * `risk_comment`, `risk_joined`). `risk_known` says what was known of assets and weaknesses when they were last scored, `risk_dirty`
 * what has to be scored again, `risk_event` what happened by itself, `risk_indicator` the indicators of each day.
 * Levels are places in their scales; `priority` puts them in the queue's order, the first digit first.
 */
export const riskRegister: Migration = {
  name: '0022-risk-register',
  statements: `
    create table risk (
      id text primary key, kind text not null, source text not null, product text not null, title text not null,
      assets int not null default 0, life_critical int not null default 0,
      patient_from int not null default 0, patient_to int not null default 0,
      privacy_from int not null default 0, privacy_to int not null default 0,
      operations_from int not null default 0, operations_to int not null default 0,
      control int not null default 0, exposure int not null default 0, exploited boolean not null default false,
      worst text, priority bigint not null default 0, opened bigint not null, closed bigint, changed bigint not null
    );
    create index risk_priority on risk (priority, id);
    create index risk_source on risk (kind, source);
    create table risk_score (
      asset_id text not null, kind text not null, source text not null, risk text not null references risk (id),
      presence text not null, patient_from int not null, patient_to int not null, privacy_from int not null,
      privacy_to int not null, operations_from int not null, operations_to int not null, control int not null,
      exposure int not null, priority bigint not null, scored bigint not null, primary key (asset_id, kind, source)
    );
    create index risk_score_risk on risk_score (risk, priority);
    create table risk_handling (
      risk text primary key references risk (id), state text not null, treatment text, plan text, owner text, proposed_by text,
      approver text, deadline bigint, review bigint, accepted_until bigint, triaged bigint, treated bigint, escalated bigint,
      changed bigint not null
    );
    create index risk_handling_deadline on risk_handling (deadline) where escalated is null;
    create table risk_control (
      id uuid primary key, risk text not null references risk (id), text text not null, kind text not null,
      strength text not null, acts_on text[] not null, added_by text not null, added bigint not null, verified_by text,
      evidence text, verified bigint, holds_until bigint, removed bigint
    );
    create index risk_control_risk on risk_control (risk) where removed is null;
    create table risk_comment (
      id bigint generated always as identity primary key, risk text not null references risk (id), actor text not null,
      text text not null, at bigint not null
    );
    create index risk_comment_risk on risk_comment (risk);
    create table risk_joined (risk text primary key references risk (id), into_risk text not null references risk (id));
    create index risk_joined_into on risk_joined (into_risk);
    create table risk_known (kind text not null, id text not null, known text not null, primary key (kind, id));
    create table risk_dirty (risk text primary key);
    create table risk_progress (
      one boolean primary key default true check (one), match_change bigint not null, at bigint not null
    );
    create table risk_event (
      id bigint generated always as identity primary key, risk text not null references risk (id), what text not null,
      detail jsonb not null, at bigint not null
    );
    create index risk_event_risk on risk_event (risk);
    create table risk_indicator (day text primary key, document jsonb not null, at bigint not null);
  `,
};
