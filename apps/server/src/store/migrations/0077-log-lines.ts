import type { Migration } from './index.ts';

/** Lines of logs that devices sent, masked, kept for some days: rules are tried on them. */
export const logLines: Migration = {
  name: '0077-log-lines',
  statements: `
    create table log_line (
      id bigint generated always as identity primary key, site int not null references site, at bigint not null, stated bigint,
      sensor text not null, stream text not null, ip text not null, transport text not null, form text not null,
      facility int, severity int, host text, application text, process text, message_id text,
      fields jsonb not null, text text not null, capture text not null, packet bigint not null
    );
    create index log_line_place on log_line (site, id);
    create index log_line_at on log_line (at);
  `,
};
