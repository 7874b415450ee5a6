import type { Migration } from './index.ts';

/** The tree over the ledger, signed heads, and the personal texts that can be erased without breaking it. */
export const ledgerTree: Migration = {
  name: '0008-ledger-tree',
  statements: `
    alter table ledger add column entry text;
    create function ledger_keeps() returns trigger language plpgsql as $$
      begin
        -- An act of before the tree is taken into it once, and is otherwise what it was.
        if tg_op = 'UPDATE' and old.entry is null and new.entry is not null
          and (new.sequence, new.at, new.actor, new.action, new.subject, new.changes)
            is not distinct from (old.sequence, old.at, old.actor, old.action, old.subject, old.changes)
        then return new; end if;
        raise exception 'the ledger only grows';
      end $$;
    drop trigger ledger_only_grows on ledger;
    create trigger ledger_only_grows before update or delete on ledger for each row execute function ledger_keeps();
    create index ledger_actor on ledger (actor, sequence);
    create index ledger_at on ledger (at);

    create table ledger_node (
      level smallint not null, index bigint not null, hash bytea not null, primary key (level, index)
    );
    create trigger ledger_node_only_grows before update or delete on ledger_node
      for each row execute function refuse_change();
    create trigger ledger_node_is_never_emptied before truncate on ledger_node
      for each statement execute function refuse_change();

    create table ledger_checkpoint (size bigint primary key, note text not null);
    create trigger ledger_checkpoint_only_grows before update or delete on ledger_checkpoint
      for each row execute function refuse_change();
    create trigger ledger_checkpoint_is_never_emptied before truncate on ledger_checkpoint
      for each statement execute function refuse_change();

    create table ledger_personal (
      sequence bigint not null references ledger, name text not null, salt bytea not null, value text not null,
      primary key (sequence, name)
    );
    create table ledger_witness (name text primary key, key text not null);
    create table ledger_cosignature (
      size bigint not null references ledger_checkpoint, name text not null references ledger_witness, line text not null,
      primary key (size, name)
    );
  `,
};
