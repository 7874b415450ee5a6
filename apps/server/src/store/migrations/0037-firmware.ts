import type { Migration } from './index.ts';

/** A repository of firmware: keys of the server by number (the secrets lie sealed in `secret`), all metadata ever published, and images in pieces. */
export const firmware: Migration = {
  name: '0037-firmware',
  statements: `
    create table firmware_key (number integer primary key, id text not null unique, public text not null, made bigint not null);
    create table firmware_root (version integer primary key, bytes bytea not null, at bigint not null);
    create table firmware_role (
      role text not null, version integer not null, bytes bytea not null, at bigint not null, primary key (role, version)
    );
    create table firmware_image (sha256 text primary key, length bigint not null, at bigint not null);
    create table firmware_chunk (
      sha256 text not null references firmware_image (sha256) deferrable initially deferred, number integer not null, bytes bytea not null,
      primary key (sha256, number)
    );
    create table firmware_release (
      path text not null, sha256 text not null references firmware_image (sha256), role text not null, manufacturer text not null,
      model text not null, version text not null, security_version bigint not null, device_group text not null,
      plaintext_sha256 text not null, maker_key text not null, published bigint not null, withdrawn bigint, primary key (path, sha256)
    );
    create index firmware_release_product on firmware_release (lower(manufacturer), lower(model));
  `,
};
