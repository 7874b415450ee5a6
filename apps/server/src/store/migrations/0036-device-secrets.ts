import type { Migration } from './index.ts';

/** Secrets of accounts on devices: each in versions that are sealed by the key of the device's zone, who holds it, and how it is changed. */
export const deviceSecrets: Migration = {
  name: '0036-device-secrets',
  statements: `
    create table device_secret (
      id uuid primary key, asset_id text not null, account text not null,
      kind text not null check (kind in ('ssh-password', 'ssh-key', 'snmpv3', 'kept')),
      address text, port int, host_key text, command text, every_days int, standing boolean not null default false,
      zone text not null, added bigint not null, added_by text not null, changed bigint not null, removed bigint
    );
    create unique index device_secret_one on device_secret (asset_id, account, kind) where removed is null;
    create table device_secret_version (
      id uuid primary key, secret uuid not null references device_secret (id), number int not null,
      state text not null check (state in ('next', 'current', 'previous', 'destroyed')),
      sealed bytea, made bigint not null, ended bigint, unique (secret, number),
      check ((state = 'destroyed') = (sealed is null))
    );
    create unique index device_secret_version_now on device_secret_version (secret, state) where state <> 'destroyed';
    create table secret_checkout (
      id uuid primary key, secret uuid not null references device_secret (id), version int not null, actor text not null,
      at bigint not null, until bigint not null, ended bigint, ending text check (ending in ('returned', 'expired', 'removed'))
    );
    create unique index secret_checkout_one on secret_checkout (secret) where ended is null;
    create table secret_rotation (
      id uuid primary key, secret uuid not null references device_secret (id),
      cause text not null check (cause in ('order', 'return', 'schedule', 'departure')),
      state text not null check (state in ('proposed', 'ordered', 'running', 'stuck', 'done', 'failed', 'missed', 'cancelled')),
      proposed bigint not null, ordered_by text, opens bigint, closes bigint, started bigint, ended bigint,
      said text not null default '', tries int not null default 0, sent boolean not null default false, lease bigint
    );
    create unique index secret_rotation_one on secret_rotation (secret) where state in ('proposed', 'ordered', 'running', 'stuck');
    create table secret_rotation_step (
      id bigint generated always as identity primary key, rotation uuid not null references secret_rotation (id),
      at bigint not null, step text not null, outcome text not null check (outcome in ('begun', 'done', 'failed')), said text not null
    );
    create index secret_rotation_step_rotation on secret_rotation_step (rotation, id);
  `,
};
