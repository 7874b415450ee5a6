import type { Migration } from './index.ts';

/**
 * Who is sent alerts by the server itself. What people decided of a receiver lies apart from how far it was served: the numbered states of
 * alerts are the spool, and a receiver's place in them is all that is kept of it.
 */
export const alertReceivers: Migration = {
  name: '0063-alert-receivers',
  statements: `
    create table alert_receiver (
      id uuid primary key, name text not null, settings jsonb not null, sealed bytea, start bigint not null,
      paused boolean not null default false, version int not null default 1,
      added bigint not null, added_by text not null, removed bigint
    );
    create unique index alert_receiver_name on alert_receiver (name) where removed is null;
    create table alert_receiver_state (
      receiver uuid primary key references alert_receiver on delete cascade, sent bigint not null, sure bigint not null,
      missing bigint not null default 0, last_sent bigint, trouble text, trouble_since bigint
    );
  `,
};
