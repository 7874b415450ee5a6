import type { Migration } from './index.ts';

/** What several servers on one database share: who reads which capture, who guessed wrongly, links of a first start. */
export const servers: Migration = {
  name: '0058-servers',
  statements: `
    alter table import add column spooled_by text, add column holder text, add column beat timestamptz;
    create table sign_in_attempt (key bytea primary key, wrong int not null, until bigint not null, at bigint not null);
    create index sign_in_attempt_at on sign_in_attempt (at);
    create table first_link (digest bytea primary key, server text not null, expires bigint not null);
  `,
};
