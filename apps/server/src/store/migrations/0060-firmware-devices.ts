import type { Migration } from './index.ts';

/** Plans say how long an installation takes and by which clock their hours are; what devices say that they run is kept. */
export const firmwareDevices: Migration = {
  name: '0060-firmware-devices',
  statements: `
    -- Hours without a zone were those of the server's own clock, which the database does not know: a person looks before they go on.
    update firmware_rollout set state = 'paused' where state = 'running' and plan -> 'window' <> 'null'::jsonb;
    update firmware_rollout set plan = jsonb_set(plan, '{window,timeZone}', '"UTC"') where plan -> 'window' <> 'null'::jsonb;
    update firmware_rollout set plan = plan || '{"installMinutes": 30, "silentMinutes": 240, "kilobytesPerSecond": null}';
    create index firmware_rollout_device_asset on firmware_rollout_device (asset);
    create table firmware_running (
      asset text not null, at bigint not null, version text not null, security_version integer not null, sha256 text not null,
      on_trial boolean not null, heard bigint not null, primary key (asset, at)
    );
  `,
};
