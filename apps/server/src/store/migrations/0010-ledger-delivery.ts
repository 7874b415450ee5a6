import type { Migration } from './index.ts';

/** How far acts were sent to a collector. Not an act by itself: it can be worked out anew by sending everything again. */
export const ledgerDelivery: Migration = {
  name: '0010-ledger-delivery',
  statements: `
    create table ledger_delivery (collector text primary key, sent bigint not null, orderly boolean not null);
  `,
};
