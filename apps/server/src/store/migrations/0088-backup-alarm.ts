import type { Migration } from './index.ts';

/** What the duty contact was told of backups; one row while something is wrong. */
export const backupAlarm: Migration = {
  name: '0088-backup-alarm',
  statements: `
    create table backup_alarm (
      id boolean primary key default true check (id),
      what text not null, since bigint not null, told bigint not null, notices jsonb not null
    );
  `,
};
