import type { Migration } from './index.ts';

/** Reports of weaknesses that somebody has told the hospital, and what was done about each. */
export const disclosures: Migration = {
  name: '0072-disclosures',
  statements: `
    create table disclosure (
      number bigint generated always as identity primary key, received date not null, title text not null, details jsonb not null,
      reporter jsonb, added bigint not null, added_by text not null
    );
    create table disclosure_step (
      disclosure bigint not null references disclosure (number), step text not null, day date not null, note text not null,
      outcome text, supplier uuid references supplier (id), address text, at bigint not null, actor text not null,
      primary key (disclosure, step)
    );
  `,
};
