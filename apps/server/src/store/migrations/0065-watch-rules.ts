import type { Migration } from './index.ts';

/** Rules that the hospital wrote itself; one that is switched on was tried first, and what it would have told is kept. */
export const watchRules: Migration = {
  name: '0065-watch-rules',
  statements: `
    create table watch_rule (
      id uuid primary key, name text not null, site int references site, text text not null, title text not null,
      severity text not null, enabled boolean not null default false, trial jsonb,
      changed bigint not null, changed_by text not null, removed bigint
    );
    create unique index watch_rule_name on watch_rule (name) where removed is null;
    create index watch_alert_rule on watch_alert ((record->'facts'->>'rule')) where detection = 'own-rule';
  `,
};
