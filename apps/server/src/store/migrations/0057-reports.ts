import type { Migration } from './index.ts';

/** Reports as they were made: the document (JSON under gzip) with its digest, which the act of the ledger `sequence` holds too. */
export const reports: Migration = {
  name: '0057-reports',
  statements: `
    create table report (
      number bigint generated always as identity primary key, kind text not null, title text not null, subject text not null,
      at bigint not null, made_by text not null, digest text not null, document bytea not null, sequence bigint not null
    );
  `,
};
