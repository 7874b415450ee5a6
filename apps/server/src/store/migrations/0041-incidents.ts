import type { Migration } from './index.ts';

/** Incidents with their timeline; the steps are the playbook's as it was when the incident was opened. */
export const incidents: Migration = {
  name: '0041-incidents',
  statements: `
    create table incident (
      number int primary key, playbook jsonb not null, title text not null, drill boolean not null,
      state text not null check (state in ('open', 'contained', 'recovered', 'closed')),
      began bigint not null, opened bigint not null, opened_by text not null, changed bigint not null,
      assets text[] not null, duties jsonb not null default '{}'::jsonb, breach jsonb, notices jsonb not null default '{}'::jsonb
    );
    create table incident_entry (
      incident int not null references incident (number), sequence int not null, at bigint not null, actor text not null,
      kind text not null, text text not null, evidence jsonb, primary key (incident, sequence)
    );
    create table incident_step (
      incident int not null references incident (number), step text not null,
      state text not null check (state in ('done', 'skipped')), at bigint not null, actor text not null,
      note text not null, at_bedside text not null, primary key (incident, step)
    );
    create table duty_contact (role text primary key, name text not null, reach text not null);
  `,
};
