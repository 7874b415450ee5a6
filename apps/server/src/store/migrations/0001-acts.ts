import type { Migration } from './index.ts';

/** Settings, sessions and the ledger, which only ever grows. */
export const acts: Migration = {
  name: '0001-acts',
  statements: `
    create extension if not exists pg_trgm;
    create table setting (key text primary key, value jsonb not null);
    create table session (
      digest text primary key, actor text not null, since bigint not null, expires bigint not null
    );
    create table ledger (
      sequence bigint primary key, at bigint not null, actor text not null, action text not null,
      subject text not null, changes jsonb not null, reason text
    );
    create index ledger_subject on ledger (subject, sequence);
    create index ledger_action on ledger (action, sequence);
    create function refuse_change() returns trigger language plpgsql as $$
      begin raise exception 'the ledger only grows'; end $$;
    create trigger ledger_only_grows before update or delete on ledger
      for each row execute function refuse_change();
    create trigger ledger_is_never_emptied before truncate on ledger
      for each statement execute function refuse_change();
  `,
};
