import type { Migration } from './index.ts';

/** When devices may be taken out of use, as persons say: weekly spans in a zone's own time, of an asset, a class or all. */
export const maintenance: Migration = {
  name: '0048-maintenance',
  statements: `
    create table maintenance_window (
      id uuid primary key, on_kind text not null check (on_kind in ('asset', 'class', 'all')), on_id text,
      day int not null check (day between 0 and 6), from_hour int not null check (from_hour between 0 and 23),
      hours int not null check (hours between 1 and 24), time_zone text not null, note text not null, added_by text not null,
      added bigint not null, removed bigint, check ((on_kind = 'all') = (on_id is null))
    );
    create index maintenance_window_on on maintenance_window (on_kind, on_id) where removed is null;
  `,
};
