import type { Migration } from './index.ts';

/** Recalls and field safety notices, and which devices each may be about, with what people said to it. */
export const recalls: Migration = {
  name: '0070-recalls',
  statements: `
    create table recall (
      id text primary key, number text not null, firm text not null, notice jsonb not null, added_at bigint not null,
      added_by text not null, search text not null
    );
    create table recall_match (
      recall_id text not null references recall (id), asset_id text not null, certainty text not null, reasons jsonb not null,
      state text not null default 'undecided', decided_by text, decided_at bigint, decided_certainty text, decided_reason text,
      primary key (recall_id, asset_id)
    );
    create index recall_match_asset on recall_match (asset_id);
  `,
};
