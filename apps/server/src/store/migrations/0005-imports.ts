import type { Migration } from './index.ts';

/** Captures that were handed in. The stream of a capture is its SHA-256, so that the same one never counts twice. */
export const imports: Migration = {
  name: '0005-imports',
  statements: `
    create table import (
      id text primary key, site int not null default 1, file text not null, sha256 text not null unique,
      state text not null, step text not null, bytes_total bigint, bytes_read bigint not null default 0,
      packets bigint not null default 0, assets_found int not null default 0, errors jsonb not null default '[]',
      attempts int not null default 0, started_at bigint not null, finished_at bigint, actor text not null
    );
    create index import_started on import (started_at);
  `,
};
