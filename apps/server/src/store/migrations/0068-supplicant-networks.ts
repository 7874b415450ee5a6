import type { Migration } from './index.ts';

/** Networks that devices join by certificate, as people described them. */
export const supplicantNetworks: Migration = {
  name: '0068-supplicant-networks',
  statements: `
    create table supplicant_network (
      id uuid primary key, name text not null, medium text not null check (medium in ('wifi', 'wired')),
      ssid text, is_hidden boolean not null, management_frames text not null check (management_frames in ('required', 'optional')),
      servers text[] not null, added bigint not null, added_by text not null, removed bigint,
      check ((medium = 'wifi') = (ssid is not null))
    );
    create unique index supplicant_network_name on supplicant_network (lower(name)) where removed is null;
  `,
};
