import type { Migration } from './index.ts';

/**
 * What intake pays for on each row and nobody reads goes. Endpoints are never deleted, and intake takes the ids of
 * conversations and sightings from the rows that it stored in the same transaction: their foreign keys checked what
 * cannot be otherwise, twice a row.
 */
export const speed: Migration = {
  name: '0006-speed',
  statements: `
    alter table conversation drop constraint conversation_client_id_fkey;
    alter table conversation drop constraint conversation_server_id_fkey;
    alter table sighting drop constraint sighting_endpoint_id_fkey;
    alter table sighting drop constraint sighting_peer_id_fkey;
    drop index endpoint_waiting;
    drop index conversation_application;
    alter table endpoint set (fillfactor = 70);
    alter table sighting set (fillfactor = 80);
  `,
};
