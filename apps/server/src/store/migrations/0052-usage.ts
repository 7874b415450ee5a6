import type { Migration } from './index.ts';

/**
 * When devices were in use: who listened when and to whom, what each endpoint showed hour by hour, and what follows for each asset.
 * Of telemetry from before it is not known who listened: use shows, and what shows none is unknown.
 */
export const usage: Migration = {
  name: '0052-usage',
  statements: `
    create table usage_watched (
      site int not null, listener text not null, hour bigint not null,
      pieces int not null, due boolean not null default true, folded bigint not null default 0,
      primary key (site, listener, hour)
    ) with (fillfactor = 70);
    create index usage_watched_due on usage_watched (site, hour) where due;
    create table usage_heard_by (
      endpoint_id bigint not null, listener text not null, primary key (endpoint_id, listener)
    );
    create table usage_day (
      endpoint_id bigint not null, day int not null, work text not null, hours int not null,
      primary key (endpoint_id, day, work)
    ) with (fillfactor = 80);
    create table usage_asset (
      asset_id text primary key, site int not null, endpoints bigint[] not null, time_zone text not null,
      from_hour bigint not null, until_hour bigint not null,
      in_use int not null, idle int not null, off int not null, unknown int not null,
      utilisation double precision, last_in_use bigint, week bytea not null, windows jsonb not null
    );
    create index usage_asset_utilisation on usage_asset (utilisation);
    create index conversation_slice_time on conversation_slice using brin (slice) with (pages_per_range = 32, autosummarize = on);
    insert into usage_watched (site, listener, hour, pieces)
      select distinct site, '', slice - slice % 3600000000, 0 from conversation_slice where slice >= 0;
  `,
};
