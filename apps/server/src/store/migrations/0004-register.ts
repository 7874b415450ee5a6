import type { Migration } from './index.ts';

/** The hospital's register, its comparison with the network, and what persons decided about each line. */
export const register: Migration = {
  name: '0004-register',
  statements: `
    create table register_entry (
      tag text primary key, site int not null default 1, entry jsonb not null, at bigint not null
    );
    create table reconciliation (
      key text primary key, state text not null, asset_id text, tag text, matched_by text, reason text not null,
      differences jsonb not null, asset_name text, registered text, search text not null
    );
    create index reconciliation_state on reconciliation (state, key);
    create table reconciliation_decision (
      id bigint generated always as identity primary key,
      key text not null, decision text not null, actor text not null, reason text not null, at bigint not null
    );
    create index reconciliation_decision_key on reconciliation_decision (key, id);
  `,
};
