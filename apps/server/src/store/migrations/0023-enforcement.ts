import type { Migration } from './index.ts';

/** Enforcement points, each with the last that it said of itself and what has drifted apart since. */
export const enforcement: Migration = {
  name: '0023-enforcement',
  statements: `
    create table enforcement_point (
      id uuid primary key, name text not null unique, place text not null, added bigint not null,
      reported bigint, kernel text check (kernel in ('same', 'changed', 'missing', 'none', 'foreign')),
      policy_name text, policy_digest text, applied bigint, trial_until bigint,
      counted jsonb not null default '[]', drift jsonb not null default '[]'
    );
  `,
};
