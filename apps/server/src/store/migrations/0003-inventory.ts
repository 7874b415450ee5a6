import type { Migration } from './index.ts';

/** The observed plane (asset, asset_observation), the approved plane (approval), identity decisions and findings. */
export const inventory: Migration = {
  name: '0003-inventory',
  statements: `
    create table asset (
      id text primary key, site int not null default 1, gone boolean not null default false,
      document jsonb not null, slim jsonb not null,
      name text not null, vendor text not null, model text not null, serial text not null,
      software text not null, os text not null, class text not null, class_label text not null,
      grp text not null, criticality text not null, criticality_rank int not null,
      data_sensitivity text not null, confidence double precision not null, conflicting boolean not null,
      macs text[] not null, ips text[] not null, hostnames text[] not null, vlans int[] not null,
      applications text[] not null, protections text[] not null,
      location text not null, department text not null default '', owner text not null default '',
      register text not null default '', register_entry jsonb,
      rules text[] not null default '{}', severities text[] not null default '{}',
      findings jsonb not null default '{}', risk int not null default 0,
      services int not null, peers int not null,
      first_seen bigint not null, last_seen bigint not null, search text not null
    );
    create index asset_search on asset using gin (search gin_trgm_ops);
    create index asset_name on asset (name, id);
    create index asset_vendor on asset (vendor, id);
    create index asset_class on asset (class_label, id);
    create index asset_criticality on asset (criticality_rank, id);
    create index asset_risk on asset (risk, id);
    create index asset_last_seen on asset (last_seen, id);
    create table asset_observation (
      id bigint generated always as identity primary key,
      asset_id text not null, attribute text not null, value text, confidence double precision not null,
      reason text not null, valid_from bigint not null, valid_to bigint
    );
    create index asset_observation_asset on asset_observation (asset_id, attribute);
    create unique index asset_observation_now on asset_observation (asset_id, attribute) where valid_to is null;
    create table approval (
      id bigint generated always as identity primary key,
      asset_id text not null, attribute text not null, value text not null, actor text not null,
      reason text not null, at bigint not null, withdrawn_at bigint
    );
    create unique index approval_now on approval (asset_id, attribute) where withdrawn_at is null;
    create table identity_decision (
      id text primary key, kind text not null, left_keys text[] not null, right_keys text[] not null,
      reason text not null, actor text not null, at bigint not null, undone_at bigint
    );
    create table finding (
      id text primary key, scope text not null, site int not null default 1, rule text not null, title text not null,
      severity text not null, severity_rank int not null, harms text[] not null, asset_id text not null,
      peer_id text, service jsonb, summary text not null, remedy text not null,
      first_seen bigint not null, last_seen bigint not null, count bigint not null, evidence jsonb not null,
      opened_at bigint not null, closed_at bigint
    );
    create index finding_asset on finding (asset_id);
    create index finding_open on finding (severity_rank, id) where closed_at is null;
  `,
};
