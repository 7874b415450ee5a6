import type { Migration } from './index.ts';

/** What sensors send. Every key starts with the site, so that it can become the distribution column. */
export const telemetry: Migration = {
  name: '0002-telemetry',
  statements: `
    create table stream (
      site int not null default 1, sensor text not null, stream text not null,
      last_number int not null default 0, finished boolean not null default false,
      packets bigint not null default 0, bytes bigint not null default 0,
      conversations bigint not null default 0, sightings bigint not null default 0,
      dropped jsonb not null default '{}', evicted jsonb not null default '{}',
      first_seen bigint, last_seen bigint,
      primary key (site, sensor, stream)
    );
    create table batch (
      site int not null default 1, sensor text not null, stream text not null, number int not null,
      conversations int not null, sightings int not null, at timestamptz not null default now(),
      primary key (site, sensor, stream, number)
    );
    create table endpoint (
      id bigint generated always as identity primary key,
      site int not null default 1, key text not null, mac text, ip text, vlan int,
      silent boolean not null, first_seen bigint not null, last_seen bigint not null,
      revision int not null default 1, seen_revision int not null default 0,
      asset_id text,
      unique (site, key)
    );
    create index endpoint_asset on endpoint (asset_id);
    create index endpoint_waiting on endpoint (id) where revision <> seen_revision;
    create table conversation (
      id bigint generated always as identity primary key,
      site int not null default 1,
      client_id bigint not null references endpoint (id), server_id bigint not null references endpoint (id),
      transport text not null, server_port int not null,
      application text not null default '', protection text not null, basis text not null,
      first_seen bigint not null, last_seen bigint not null,
      packets_from_client bigint not null, packets_from_server bigint not null,
      bytes_from_client bigint not null, bytes_from_server bigint not null,
      opened bigint not null, established bigint not null, refused bigint not null,
      unanswered bigint not null, closed bigint not null, reset bigint not null,
      facts jsonb not null, capture text not null, packet bigint not null,
      unique (site, client_id, server_id, transport, server_port)
    );
    create index conversation_server on conversation (server_id);
    create index conversation_last_seen on conversation (last_seen, id);
    create index conversation_bytes on conversation ((bytes_from_client + bytes_from_server), id);
    create index conversation_application on conversation (application, id);
    create table conversation_slice (
      site int not null default 1, conversation_id bigint not null, slice bigint not null,
      application text not null default '', protection text not null,
      first_seen bigint not null, last_seen bigint not null,
      packets_from_client bigint not null, packets_from_server bigint not null,
      bytes_from_client bigint not null, bytes_from_server bigint not null,
      opened bigint not null, established bigint not null, refused bigint not null,
      unanswered bigint not null, closed bigint not null, reset bigint not null,
      primary key (site, conversation_id, slice)
    ) partition by range (slice);
    create table conversation_slice_other partition of conversation_slice default;
    create table sighting (
      id bigint generated always as identity primary key,
      site int not null default 1, endpoint_id bigint not null references endpoint (id),
      digest bytea not null, kind text not null, transport text, port int,
      peer_id bigint references endpoint (id), facts jsonb not null, marks text[] not null,
      first_seen bigint not null, last_seen bigint not null, count bigint not null,
      capture text not null, packet bigint not null,
      unique (site, endpoint_id, digest)
    );
    create index sighting_kind on sighting (kind);
  `,
};
