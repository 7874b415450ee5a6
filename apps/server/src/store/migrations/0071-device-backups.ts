import type { Migration } from './index.ts';

/** Copies of devices' settings, as people entered them. */
export const deviceBackups: Migration = {
  name: '0071-device-backups',
  statements: `
    create table device_backup (
      id bigint generated always as identity primary key, asset_id text not null, made date not null, kind text not null,
      place text not null, sha256 text, software text not null, tried date, tried_how text not null default '',
      added bigint not null, added_by text not null, lost bigint
    );
    create index device_backup_asset on device_backup (asset_id, made desc, id desc);
  `,
};
