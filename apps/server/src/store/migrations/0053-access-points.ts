import type { Migration } from './index.ts';

/** Access points that people say are the house's own, site by site: a radio's address, or how it begins, and the network's name. */
export const accessPoints: Migration = {
  name: '0053-access-points',
  statements: `
    create table access_point (
      id uuid primary key, site int not null, ssid text not null, bssid text not null,
      added_by text not null, added bigint not null, removed bigint
    );
    create unique index access_point_held on access_point (site, bssid, ssid) where removed is null;
  `,
};
