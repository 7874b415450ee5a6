import type { Migration } from './index.ts';

/** How releases reach devices: one row for each rollout, and one for each of its devices. */
export const rollouts: Migration = {
  name: '0038-rollouts',
  statements: `
    create table firmware_rollout (
      id uuid primary key, path text not null, sha256 text not null, plan jsonb not null, begun bigint not null,
      state text not null check (state in ('running', 'paused', 'halted', 'finished', 'stopped')),
      wave integer not null, settled bigint, foreign key (path, sha256) references firmware_release (path, sha256)
    );
    create table firmware_rollout_device (
      rollout uuid not null references firmware_rollout (id), asset text not null, wave integer not null,
      state text not null check (state in ('waiting', 'installing', 'done', 'failed')), before text not null,
      heard bigint, because text not null default '', primary key (rollout, asset)
    );
    create index firmware_rollout_device_wave on firmware_rollout_device (rollout, wave, state);
  `,
};
