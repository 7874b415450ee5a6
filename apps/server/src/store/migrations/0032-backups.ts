import type { Migration } from './index.ts';

/**
 * Full backups that were asked for or came by the plan (`backup_run`), and how far changes were written behind them (`backup_line`:
 * changes without a gap, from one slot of the database's log).
 */
export const backups: Migration = {
  name: '0032-backups',
  statements: `
    create table backup_run (
      id uuid primary key, asked bigint not null, actor text not null,
      state text not null check (state in ('waiting', 'running', 'kept', 'failed', 'removed')),
      name text, line text, next int, at bigint, ended bigint, bytes bigint, digest text, trouble text,
      proved bigint, proof_trouble text
    );
    create index backup_run_asked on backup_run (asked desc);
    create table backup_line (
      id text primary key, made bigint not null, number int not null default 0, digest text, lsn text,
      until bigint, bytes bigint not null default 0, ended bigint
    );
    create unique index backup_line_in_use on backup_line ((true)) where ended is null;
  `,
};
